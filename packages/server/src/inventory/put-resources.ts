import type pg from "pg";
import { isUniqueViolation } from "../db/unique-violation.ts";
import { inUnsyncedTransaction } from "../db/unsynced-transaction.ts";
import { addBlocks, addRows } from "./add-rows.ts";
import { cutBlocks, indexOf, ROWS_A_BLOCK } from "./search/blocks.ts";
import type { Shelf } from "./shelf.ts";
import type { Kept, Stored } from "./stored.ts";

/** OpenStack's own limit; what is longer comes from something else, and would not fit into an index. */
const MAX_ID_CHARS = 255;
/** After a meeting with another reading everything is known that it wrote. */
const MAX_TRIES = 5;

/**
 * Writes what differs from what is there.
 *
 * Readings overlap (a whole list, its changes, one server), so each carries when its request began, and an older
 * answer never overwrites a newer one.
 *
 * @returns the rows that are new or different
 */
export async function putResources(
  pool: pg.Pool,
  shelf: Shelf,
  stored: Iterable<Stored>,
  seen_at: string,
): Promise<Kept[]> {
  // the last one of each id: a site that repeats itself over pages must not fail the statement
  const by_id = new Map<string, Stored>();
  for (const one of stored) if (one.id.length <= MAX_ID_CHARS) by_id.set(one.id, one);
  const all = [...by_id.values()];
  if (all.length === 0) return [];
  for (let tries = 1; ; tries += 1) {
    try {
      return await put(pool, shelf, all, seen_at);
    } catch (error) {
      if (!isMeeting(error) || tries === MAX_TRIES) throw error;
    }
  }
}

async function put(pool: pg.Pool, shelf: Shelf, all: readonly Stored[], seen_at: string): Promise<Kept[]> {
  const known = await digestsOf(
    pool,
    shelf,
    all.map(({ id }) => id),
  );
  const fresh = all.filter(({ id }) => !known.has(id));
  const different = all.filter(({ id, digest }) => known.has(id) && known.get(id) !== digest);
  if (fresh.length + different.length === 0) return [];
  const blocks = cutBlocks(fresh);
  return inUnsyncedTransaction(pool, async (client) => {
    if (blocks.length > 0) {
      await addBlocks(client, shelf, blocks);
      await addRows(client, shelf, blocks, seen_at);
    }
    const updated = await updateRows(client, shelf, different, seen_at);
    return [...fresh.map(({ row }) => row), ...updated];
  });
}

async function digestsOf(
  pool: pg.Pool,
  { site_project_id, kind }: Shelf,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; digest: string }>({
    name: "inventory-digests",
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
): Promise<Kept[]> {
  const by_id = new Map(different.map((one) => [one.id, one]));
  const changed: Kept[] = [];
  const by_block = new Map<number, Stored[]>();
  for (let at = 0; at < different.length; at += ROWS_A_BLOCK) {
    const records = different.slice(at, at + ROWS_A_BLOCK).map(recordOf);
    const { rows } = await client.query<{ id: string; block_id: number }>({
      name: "inventory-update",
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
      changed.push(stored.row);
      by_block.set(block_id, [...(by_block.get(block_id) ?? []), stored]);
    }
  }
  if (by_block.size > 0) await widenBlocks(client, by_block);
  return changed;
}

/** Lets the filters of blocks pass what some of their rows now hold. */
async function widenBlocks(
  client: pg.PoolClient,
  by_block: ReadonlyMap<number, readonly Stored[]>,
): Promise<void> {
  const indexes = [...by_block.values()].map(indexOf);
  await client.query({
    name: "inventory-widen-blocks",
    text: `update search_blocks b set filter = b.filter | n.filter::bit(30720), stale_rows = b.stale_rows + n.rows,
        first_name = least(b.first_name, n.first_name), last_name = greatest(b.last_name, n.last_name)
      from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::int[])
        as n (id, filter, first_name, last_name, rows)
      where b.id = n.id`,
    values: [
      [...by_block.keys()],
      indexes.map(({ filter }) => filter),
      indexes.map(({ first_name }) => first_name),
      indexes.map(({ last_name }) => last_name),
      [...by_block.values()].map(({ length }) => length),
    ],
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
