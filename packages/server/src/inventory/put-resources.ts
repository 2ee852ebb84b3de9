import type pg from "pg";
import { isUniqueViolation } from "../db/unique-violation.ts";
import { inUnsyncedTransaction } from "../db/unsynced-transaction.ts";
import { addRows } from "./add-rows.ts";
import type { RowsDraft } from "./draft-rows.ts";
import type { ReadPage } from "./page/read-page.ts";
import { indexOf } from "./search/block-index.ts";
import { ROWS_A_BLOCK } from "./search/blocks.ts";
import type { Shelf } from "./shelf.ts";
import type { Stored } from "./stored.ts";

/** After a meeting with another reading everything is known that it wrote. */
const MAX_TRIES = 5;

/**
 * Writes what differs from what is there.
 *
 * Readings overlap (a whole list, its changes, one server), so each carries when its request began, and an older
 * answer never overwrites a newer one.
 *
 * @returns the places of rows that are new or different
 */
export async function putResources(
  pool: pg.Pool,
  shelf: Shelf,
  page: ReadPage,
  seen_at: string,
): Promise<number[]> {
  if (page.digest.ids.length === 0) return [];
  const { all_new } = page;
  if (all_new && (await addNew(pool, all_new))) return page.digest.ids.map((_, place) => place);
  for (let tries = 1; ; tries += 1) {
    try {
      return await put(pool, shelf, page, seen_at);
    } catch (error) {
      if (!isMeeting(error) || tries === MAX_TRIES) throw error;
    }
  }
}

/** @returns false where some were there nevertheless: then none was written */
async function addNew(pool: pg.Pool, draft: RowsDraft): Promise<boolean> {
  try {
    await inUnsyncedTransaction(pool, (client) => addRows(client, draft));
    return true;
  } catch (error) {
    if (!isMeeting(error)) throw error;
    return false;
  }
}

async function put(pool: pg.Pool, shelf: Shelf, page: ReadPage, seen_at: string): Promise<number[]> {
  const { ids, digests } = page.digest;
  const known = await digestsOf(pool, shelf, ids);
  const fresh: number[] = [];
  const different: number[] = [];
  for (const [place, id] of ids.entries()) {
    const digest = known.get(id);
    if (digest === undefined) fresh.push(place);
    else if (digest !== digests[place]) different.push(place);
  }
  if (fresh.length + different.length === 0) return [];
  const draft = fresh.length > 0 ? await page.draft(shelf, fresh, seen_at) : undefined;
  const rows = different.length > 0 ? await page.rows(different) : [];
  return inUnsyncedTransaction(pool, async (client) => {
    if (draft) await addRows(client, draft);
    const updated = await updateRows(client, shelf, rows, seen_at);
    return [...fresh, ...different.filter((place) => updated.has(ids[place] ?? ""))];
  });
}

/** Not prepared: a plan made while the table was empty would go through all of it from then on. */
async function digestsOf(
  pool: pg.Pool,
  { site_project_id, kind }: Shelf,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; digest: string }>({
    text: "select id, digest from resources where site_project_id = $1 and kind = $2 and id = any($3)",
    values: [site_project_id, kind, ids],
  });
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}

/** Changed rows stay in their blocks, whose filters learn the new words and keep the old ones. */
async function updateRows(
  client: pg.PoolClient,
  { site_project_id, kind }: Shelf,
  different: readonly Stored[],
  seen_at: string,
): Promise<ReadonlySet<string>> {
  const by_id = new Map(different.map((one) => [one.id, one]));
  const changed = new Set<string>();
  const by_block = new Map<number, Stored[]>();
  for (let at = 0; at < different.length; at += ROWS_A_BLOCK) {
    const records = different.slice(at, at + ROWS_A_BLOCK).map(recordOf);
    const { rows } = await client.query<{ id: string; block_id: number }>({
      text: `update resources r set name = n.name, status = n.status, search = n.search, facts = n.facts, raw = n.raw,
          shared_id = n.shared_id, created_at = n.created_at, updated_at = n.updated_at, seen_at = $4, digest = n.digest
        from json_to_recordset($3::json) as n (id text, name text, status text, search text, facts json, raw text,
          shared_id text, created_at timestamptz, updated_at timestamptz, digest text)
        where r.site_project_id = $1 and r.kind = $2 and r.id = n.id
          and r.digest <> n.digest and r.seen_at <= $4::timestamptz
        returning r.id, r.block_id`,
      values: [site_project_id, kind, `[${records.join(",")}]`, seen_at],
    });
    for (const { id, block_id } of rows) {
      const stored = by_id.get(id);
      if (!stored) continue;
      changed.add(id);
      by_block.set(block_id, [...(by_block.get(block_id) ?? []), stored]);
    }
  }
  if (by_block.size > 0) await widenBlocks(client, by_block);
  return changed;
}

/** Lets the filters of blocks pass what some of their rows now hold, and their bounds reach as far. */
async function widenBlocks(
  client: pg.PoolClient,
  by_block: ReadonlyMap<number, readonly Stored[]>,
): Promise<void> {
  const widened = [...by_block].map(([id, rows]) => {
    const index = indexOf(rows);
    return {
      id,
      rows: rows.length,
      filter: `x${index.filter.bytes.toString("hex")}`,
      first_name: index.names.first,
      last_name: index.names.last,
      first_status: index.statuses.first,
      last_status: index.statuses.last,
    };
  });
  await client.query({
    text: `update search_blocks b set filter = b.filter | n.filter::bit(30720), stale_rows = b.stale_rows + n.rows,
        first_name = least(b.first_name, n.first_name), last_name = greatest(b.last_name, n.last_name),
        first_status = least(b.first_status, n.first_status), last_status = greatest(b.last_status, n.last_status)
      from json_to_recordset($1::json) as n (id bigint, rows int, filter text, first_name text, last_name text,
        first_status text, last_status text)
      where b.id = n.id`,
    values: [JSON.stringify(widened)],
  });
}

function recordOf({ id, name, status, search, facts_text, raw_json, digest, row }: Stored): string {
  const { shared_id, created_at, updated_at } = row;
  const columns = {
    id,
    name,
    status,
    search,
    raw: raw_json.toString(),
    shared_id,
    created_at,
    updated_at,
    digest,
  };
  return `${JSON.stringify(columns).slice(0, -1)},"facts":${facts_text}}`;
}

const DEADLOCK = "40P01";

/** Another reading wrote the same rows at the same moment. */
function isMeeting(error: unknown): boolean {
  return isUniqueViolation(error) || (error instanceof Error && "code" in error && error.code === DEADLOCK);
}
