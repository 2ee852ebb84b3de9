import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";

/** A server that dies at a probe gives it up after this time. */
const CLAIM_MS = 10 * 60_000;

export interface DueProject {
  readonly site_project_id: string;
  readonly site_id: string;
  readonly site: string;
}

interface Pace {
  /** Old enough to be looked at again. */
  readonly probed_before: Date;
  /** Joined long enough ago that its first reading is not held up. */
  readonly joined_before: Date;
}

/** What a site's services show of their versions, as one text that changes with any of them. */
const VERSIONS_SHOWN = sql<string>`(
  select coalesce(string_agg(concat(one ->> 'type', ' ', one ->> 'version', ' ', one ->> 'max_microversion'), ', '
    order by one ->> 'type'), '')
  from jsonb_array_elements(sites.discovery -> 'services') one)`;

/** Projects that were never probed, not for long, or at another release; none that somebody is at. */
export function dueProjects(
  db: Kysely<Tables>,
  { probed_before, joined_before }: Pace,
): Promise<DueProject[]> {
  return db
    .selectFrom("site_projects")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .leftJoin("capability_probes as probe", "probe.site_project_id", "site_projects.id")
    .select(["site_projects.id as site_project_id", "sites.id as site_id", "sites.name as site"])
    .where("sites.unreachable_since", "is", null)
    .where("site_projects.created_at", "<", joined_before.toISOString())
    .where((row) =>
      row.or([row("probe.claimed_until", "is", null), row("probe.claimed_until", "<", sql<string>`now()`)]),
    )
    .where((row) =>
      row.or([
        row("probe.probed_at", "is", null),
        row("probe.probed_at", "<", probed_before.toISOString()),
        row("probe.versions", "is distinct from", VERSIONS_SHOWN),
      ]),
    )
    .execute();
}

/** Takes a project for one probe. @returns false: another server is at it */
export async function claim(db: Kysely<Tables>, site_project_id: string, now = Date.now()): Promise<boolean> {
  const claimed_until = new Date(now + CLAIM_MS).toISOString();
  const row = await db
    .insertInto("capability_probes")
    .values({ site_project_id, claimed_until, problems: "[]" })
    .onConflict((conflict) =>
      conflict
        .column("site_project_id")
        .doUpdateSet({ claimed_until })
        .where("capability_probes.claimed_until", "<", sql<string>`now()`),
    )
    .returning("site_project_id")
    .executeTakeFirst();
  return row !== undefined;
}

/** The versions that a site shows now; undefined: the project is gone. */
export async function versionsShown(
  db: Kysely<Tables>,
  site_project_id: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("site_projects")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .select(VERSIONS_SHOWN.as("versions"))
    .where("site_projects.id", "=", site_project_id)
    .executeTakeFirst();
  return row?.versions;
}
