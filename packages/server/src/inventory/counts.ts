import type { Kysely } from "kysely";
import type { Tables } from "../db/tables.ts";
import { SEEN_IN_COMMON } from "./granted.ts";

/** Rows by kind of these site projects, by id of their site, as the readers last counted them. */
export async function countResources(
  db: Kysely<Tables>,
  site_project_ids: readonly string[],
): Promise<ReadonlyMap<string, Record<string, number>>> {
  if (site_project_ids.length === 0) return new Map();
  const readings = await db
    .selectFrom("reader_state")
    .innerJoin("site_projects", "site_projects.id", "reader_state.site_project_id")
    .select(["site_projects.site_id", "reader_state.kind", "reader_state.rows"])
    .where("site_project_id", "in", site_project_ids)
    .execute();
  const counts = new Map<string, Record<string, number>>();
  for (const { site_id, kind, rows } of readings) {
    const of_site = counts.get(site_id) ?? {};
    const before = of_site[kind] ?? 0;
    of_site[kind] = SEEN_IN_COMMON.has(kind) ? Math.max(before, rows) : before + rows;
    counts.set(site_id, of_site);
  }
  return counts;
}
