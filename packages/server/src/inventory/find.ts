import { Problem, type ResourceKind } from "@uniview/api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { type GrantedReading, grantedReadings, onePerProject, SEEN_IN_COMMON } from "./granted.ts";
import type { StoredRow } from "./list.ts";
import { unpackRaws } from "./search/packed-raws.ts";

export interface FoundResource {
  readonly row: StoredRow & { readonly raw: Record<string, unknown> };
  readonly project: GrantedReading;
}

/** Ids that an answer lists when a name fits several. */
const MAX_LISTED_IDS = 10;

/**
 * The resource that a user names by its id, or by a name that only one has among those the user sees at the site.
 *
 * @throws Problem `not-found` unknown, or nobody granted it; `invalid-input` the name fits several
 */
export async function findResource(
  db: Kysely<Tables>,
  user_id: string,
  kind: ResourceKind,
  site: string,
  id_or_name: string,
): Promise<FoundResource> {
  const all = (await grantedReadings(db, user_id, kind)).filter((one) => one.site === site);
  const granted = SEEN_IN_COMMON.has(kind) ? all : onePerProject(all);
  if (granted.length === 0) {
    throw new Problem("not-found", `There is no site ${site} that you were granted.`, { field: "site" });
  }
  const ids = granted.map(({ site_project_id }) => site_project_id);
  const { rows } = await sql<StoredRow & { raw: string | null; block_id: number; by_id: boolean }>`
    select site_project_id, id, name, status, created_at, updated_at, seen_at, facts, raw, block_id,
      id = ${id_or_name} as by_id
    from resources
    where site_project_id = any(${ids}::uuid[]) and kind = ${kind} and (id = ${id_or_name} or name = ${id_or_name})
    order by by_id desc, coalesce(facts::json ->> 'owned', 'false') desc, array_position(${ids}::uuid[], site_project_id)
    limit ${MAX_LISTED_IDS + 1}`.execute(db);
  const [first] = rows;
  const project = granted.find(({ site_project_id }) => site_project_id === first?.site_project_id);
  if (!first || !project) {
    throw new Problem("not-found", `${site} has no ${singular(kind)} ${id_or_name} that you may see.`, {
      site,
      field: "id",
      remedy: "Look it up in the list; what was made moments ago shows after the next reading.",
    });
  }
  const named = new Set(rows.map(({ id }) => id));
  if (!first.by_id && named.size > 1) {
    throw new Problem("invalid-input", `${site} has several ${kind} named ${id_or_name}.`, {
      site,
      field: "id",
      remedy: `Name one by its id: ${[...named].slice(0, MAX_LISTED_IDS).join(", ")}.`,
    });
  }
  const { raw, block_id, by_id: _by_id, ...row } = first;
  return { row: { ...row, raw: await rawOf(db, row.id, raw, block_id) }, project };
}

/** The site's own JSON, from the row or from its block; empty when the row was written anew at this very moment. */
async function rawOf(
  db: Kysely<Tables>,
  id: string,
  own: string | null,
  block_id: number,
): Promise<Record<string, unknown>> {
  if (own !== null) return JSON.parse(own);
  const block = await db
    .selectFrom("search_blocks")
    .select("raws")
    .where("id", "=", block_id)
    .executeTakeFirst();
  return (block?.raws && (await unpackRaws(block.raws))[id]) ?? {};
}

/** Rows of one kind by id, in one site project: what a server points to. */
export async function rowsByIds(
  db: Kysely<Tables>,
  site_project_id: string,
  kind: ResourceKind,
  ids: readonly string[],
): Promise<StoredRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<StoredRow>`
    select site_project_id, id, name, status, created_at, updated_at, seen_at, facts from resources
    where site_project_id = ${site_project_id} and kind = ${kind} and id = any(${ids})
    order by array_position(${ids}, id)`.execute(db);
  return rows;
}

export async function portsOf(
  db: Kysely<Tables>,
  site_project_id: string,
  server_id: string,
): Promise<StoredRow[]> {
  const { rows } = await sql<StoredRow>`
    select site_project_id, id, name, status, created_at, updated_at, seen_at, facts from resources
    where kind = 'ports' and site_project_id = ${site_project_id} and facts::json ->> 'device_id' = ${server_id}
    order by created_at, id`.execute(db);
  return rows;
}

/** Names of servers by id, over the site projects at hand; ids are UUIDs, so they do not meet by chance. */
export async function serverNames(
  db: Kysely<Tables>,
  site_project_ids: readonly string[],
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from resources
    where site_project_id = any(${site_project_ids}::uuid[]) and kind = 'servers' and id = any(${ids})`.execute(
    db,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function singular(kind: ResourceKind): string {
  return kind.replace(/s$/, "").replace("-", " ");
}
