import { type Kysely, sql } from "kysely";
import type { Tables } from "../../db/tables.ts";
import { regionIdOf } from "../catalog/regions.ts";
import type { GatewaySite } from "./gateway-token.ts";

/**
 * Sites of a project that the user was granted, one project of each: the one that they joined themselves before one
 * that they were granted, the earlier before the later.
 */
export async function sitesOf(
  db: Kysely<Tables>,
  user_id: string,
  project_id: string,
): Promise<GatewaySite[]> {
  const rows = await db
    .selectFrom("project_sites")
    .innerJoin("site_projects", "site_projects.id", "project_sites.site_project_id")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .innerJoin("grants", "grants.site_project_id", "site_projects.id")
    .select(["site_projects.id as site_project_id", "site_projects.project_id as site_project_remote_id"])
    .select(["sites.id as site_id", "sites.name as site_name", "sites.region_name as site_region_name"])
    .select("sites.interface")
    .distinctOn("sites.name")
    .where("project_sites.project_id", "=", project_id)
    .where("grants.user_id", "=", user_id)
    .orderBy("sites.name")
    .orderBy(sql`site_projects.added_by is not distinct from ${user_id}`, "desc")
    .orderBy("site_projects.created_at")
    .execute();
  return rows.map((row) => ({ ...row, region_id: regionIdOf(row.site_name) }));
}
