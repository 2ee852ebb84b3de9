import type { ProblemDetail, ResourceKind } from "@uniview/api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";

/**
 * A project at a site that a user was granted, and how its reader of one kind fares. Everything that is shown of the
 * inventory is asked for by these: whoever has none gets nothing.
 */
export interface GrantedReading {
  readonly site_project_id: string;
  readonly site_id: string;
  readonly site: string;
  readonly project_id: string;
  readonly project_name: string;
  readonly as_of: string | null;
  readonly problem: ProblemDetail | null;
  readonly site_problem: ProblemDetail | null;
  readonly unreachable_since: string | null;
  /** As the reader last counted them. */
  readonly rows_read: number;
}

/** Of all that the user was granted, by site and project; those whose reader has no trouble first. */
export async function grantedReadings(
  db: Kysely<Tables>,
  user_id: string,
  kind: ResourceKind,
): Promise<GrantedReading[]> {
  return db
    .selectFrom("grants")
    .innerJoin("site_projects", "site_projects.id", "grants.site_project_id")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .leftJoin("reader_state", (join) =>
      join.onRef("reader_state.site_project_id", "=", "site_projects.id").on("reader_state.kind", "=", kind),
    )
    .where("grants.user_id", "=", user_id)
    .select([
      "site_projects.id as site_project_id",
      "sites.id as site_id",
      "sites.name as site",
      "site_projects.project_id",
      "site_projects.project_name",
      "reader_state.as_of",
      "reader_state.problem",
      "sites.problem as site_problem",
      "sites.unreachable_since",
      (row) => row.fn.coalesce("reader_state.rows", sql<number>`0`).as("rows_read"),
    ])
    .orderBy("sites.name")
    .orderBy("site_projects.project_id")
    .orderBy((row) => row("reader_state.problem", "is not", null))
    .orderBy("site_projects.created_at")
    .execute();
}

/** Kinds that several projects of a site see in common: shown once, whoever brought them. */
export const SEEN_IN_COMMON: ReadonlySet<ResourceKind> = new Set([
  "images",
  "flavors",
  "networks",
  "security-groups",
  "keypairs",
]);

/**
 * Two people may have brought the same project with credentials of their own. What belongs to the project is then
 * read twice and shown once, by the reader that fares better.
 */
export function onePerProject(granted: readonly GrantedReading[]): GrantedReading[] {
  const first = new Map<string, GrantedReading>();
  for (const one of granted) {
    const project = `${one.site_id} ${one.project_id}`;
    if (!first.has(project)) first.set(project, one);
  }
  return [...first.values()];
}
