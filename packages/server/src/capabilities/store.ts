import type { CapabilityChange, CapabilityColumn } from "@uniview/api";
import type { ProbeResult } from "@uniview/openstack";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Tables } from "../db/tables.ts";
import { type Change, type Known, type Merged, mergeFindings, missingVolumeTypes } from "./merge-findings.ts";
import { sayChange } from "./say-change.ts";

/** Changes that are shown at once. */
const CHANGES_SHOWN = 100;
/** Changes that are kept of one site project. */
const CHANGES_KEPT = 1000;

export interface CellRow extends Known {
  readonly site_project_id: string;
}

export type CapabilityStore = ReturnType<typeof createCapabilityStore>;

/** What was found out at sites, always asked for through somebody's grants. */
export function createCapabilityStore(db: Kysely<Tables>) {
  return {
    columns: (user_id: string, site?: string): Promise<CapabilityColumn[]> =>
      db
        .selectFrom("grants")
        .innerJoin("site_projects", "site_projects.id", "grants.site_project_id")
        .innerJoin("sites", "sites.id", "site_projects.site_id")
        .leftJoin("capability_probes", "capability_probes.site_project_id", "site_projects.id")
        .where("grants.user_id", "=", user_id)
        .$if(site !== undefined, (query) => query.where("sites.name", "=", site ?? ""))
        .select(["site_projects.id", "sites.name as site", "site_projects.project_id"])
        .select(["site_projects.project_name", "site_projects.site_user_name as user_name"])
        .select(["site_projects.roles", "capability_probes.probed_at", "capability_probes.took_ms"])
        .select(sql<CapabilityColumn["problems"]>`coalesce(capability_probes.problems, '[]')`.as("problems"))
        .orderBy("sites.name")
        .orderBy("site_projects.project_name")
        .orderBy("site_projects.created_at")
        .execute(),

    /** `columns`: what `columns()` said of the same user. */
    async cells(columns: readonly { readonly id: string }[]): Promise<CellRow[]> {
      if (columns.length === 0) return [];
      const ids = columns.map(({ id }) => id);
      return db.selectFrom("capabilities").selectAll().where("site_project_id", "in", ids).execute();
    },

    async changes(columns: readonly CapabilityColumn[]): Promise<CapabilityChange[]> {
      if (columns.length === 0) return [];
      const by_id = new Map(columns.map((column) => [column.id, column]));
      const rows = await db
        .selectFrom("capability_changes")
        .selectAll()
        .where("site_project_id", "in", [...by_id.keys()])
        .orderBy("id", "desc")
        .limit(CHANGES_SHOWN)
        .execute();
      return rows.flatMap(({ site_project_id, capability, from_state, to_state, changed_at }) => {
        const column = by_id.get(site_project_id);
        if (column === undefined) return [];
        const { site, project_name } = column;
        const change = { site, project_name, capability, from: from_state, to: to_state };
        return [{ column_id: site_project_id, ...change, changed_at, text: sayChange(change) }];
      });
    },

    /** Writes what a probe found. @returns what is otherwise than it was known to be; undefined: the project is gone */
    save: (site_project_id: string, result: ProbeResult, versions: string) =>
      db.transaction().execute(async (tx) => {
        const known = await knownOf(tx, site_project_id);
        const gone = result.lists_volume_types ? missingVolumeTypes(known, result.findings) : [];
        const merged = mergeFindings(known, [...result.findings, ...gone], result.probed_at);
        const probe = {
          probed_at: result.probed_at,
          took_ms: result.took_ms,
          problems: JSON.stringify(result.problems),
          versions,
          claimed_until: result.probed_at,
        };
        await tx
          .insertInto("capability_probes")
          .values({ site_project_id, ...probe })
          .onConflict((conflict) => conflict.column("site_project_id").doUpdateSet(probe))
          .execute();
        await write(tx, site_project_id, merged, result.probed_at);
        return merged.changes;
      }),

    /** Writes what a call of real work told. */
    note: (
      site_project_id: string,
      finding: ProbeResult["findings"][number],
      at: string,
    ): Promise<readonly Change[]> =>
      db.transaction().execute(async (tx) => {
        const known = await knownOf(tx, site_project_id, finding.capability);
        const merged = mergeFindings(known, [finding], at);
        await write(tx, site_project_id, merged, at);
        return merged.changes;
      }),

    /** The probe could not even sign in: what was known stays, and nobody tries again before then. */
    async noteFailure(site_project_id: string, problem: string, retry_at: Date): Promise<void> {
      await db
        .updateTable("capability_probes")
        .set({
          problems: JSON.stringify([{ service: "identity", problem }]),
          claimed_until: retry_at.toISOString(),
        })
        .where("site_project_id", "=", site_project_id)
        .execute();
    },

    /** Whether a server boots from a volume, by the inventory; undefined: not read yet. */
    async bootsFromVolume(site_project_id: string, server_id: string): Promise<boolean | undefined> {
      const row = await db
        .selectFrom("resources")
        .select(sql<boolean>`json_typeof(facts::json -> 'image') = 'null'`.as("from_volume"))
        .where("site_project_id", "=", site_project_id)
        .where("kind", "=", "servers")
        .where("id", "=", server_id)
        .executeTakeFirst();
      return row?.from_volume;
    },
  };
}

async function knownOf(tx: Transaction<Tables>, id: string, capability?: string): Promise<Known[]> {
  // whoever else writes of this project waits: two merges at once would both start from the same
  await tx.selectFrom("site_projects").select("id").where("id", "=", id).forUpdate().execute();
  return tx
    .selectFrom("capabilities")
    .select(["capability", "state", "how", "detail", "evidence", "since", "checked_at"])
    .where("site_project_id", "=", id)
    .$if(capability !== undefined, (query) => query.where("capability", "=", capability ?? ""))
    .execute();
}

async function write(
  tx: Transaction<Tables>,
  site_project_id: string,
  { rows, changes }: Merged,
  changed_at: string,
): Promise<void> {
  if (rows.length > 0) {
    await tx
      .insertInto("capabilities")
      .values(
        rows.map((row) => ({
          site_project_id,
          ...row,
          evidence: row.evidence === null ? null : JSON.stringify(row.evidence),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["site_project_id", "capability"]).doUpdateSet((row) => ({
          state: row.ref("excluded.state"),
          how: row.ref("excluded.how"),
          detail: row.ref("excluded.detail"),
          evidence: row.ref("excluded.evidence"),
          since: row.ref("excluded.since"),
          checked_at: row.ref("excluded.checked_at"),
        })),
      )
      .execute();
  }
  if (changes.length === 0) return;
  await tx
    .insertInto("capability_changes")
    .values(
      changes.map(({ capability, from, to }) => ({
        site_project_id,
        capability,
        from_state: from,
        to_state: to,
        changed_at,
      })),
    )
    .execute();
  await sql`
    delete from capability_changes where site_project_id = ${site_project_id} and id < (
      select min(id) from (
        select id from capability_changes where site_project_id = ${site_project_id}
        order by id desc limit ${CHANGES_KEPT}
      ) newest
    )`.execute(tx);
}
