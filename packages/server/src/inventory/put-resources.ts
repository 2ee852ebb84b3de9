import { hash } from "node:crypto";
import { setImmediate as othersFirst } from "node:timers/promises";
import type pg from "pg";
import { copyIn, copyText } from "../db/copy-in.ts";
import { isUniqueViolation } from "../db/unique-violation.ts";
import type { Normalised } from "./normalise/normalised.ts";
import { type Block, cutBlocks, indexOf, ROWS_A_BLOCK } from "./search/blocks.ts";
import { packRaws } from "./search/packed-raws.ts";
import type { Shelf } from "./shelf.ts";

/** OpenStack's own limits; what is longer comes from something else, and would not fit into an index. */
const MAX_ID_CHARS = 255;
const MAX_NAME_CHARS = 255;
const DIGEST_CHARS = 22; // of SHA-256 in base64: 132 bits
/** Rows that are written down as text before others get a turn. */
const ROWS_A_TURN = 128;
/** After a meeting with another reading everything is known that it wrote. */
const MAX_TRIES = 5;

/** A resource as it is stored. */
interface Stored<Row extends Normalised> {
  readonly row: Row;
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  readonly search: string;
  readonly facts_text: string;
  readonly raw_text: string;
  readonly digest: string;
}

/**
 * Writes what differs from what is there.
 *
 * Readings overlap (a whole list, its changes, one server), so each carries when its request began, and an older
 * answer never overwrites a newer one.
 *
 * @returns the rows that are new or different
 */
export async function putResources<Row extends Normalised>(
  pool: pg.Pool,
  shelf: Shelf,
  rows: Iterable<Row>,
  seen_at: string,
): Promise<Row[]> {
  const all = await writeDown(rows);
  if (all.length === 0) return [];
  for (let tries = 1; ; tries += 1) {
    try {
      return await put(pool, shelf, all, seen_at);
    } catch (error) {
      if (!isMeeting(error) || tries === MAX_TRIES) throw error;
    }
  }
}

async function put<Row extends Normalised>(
  pool: pg.Pool,
  shelf: Shelf,
  all: readonly Stored<Row>[],
  seen_at: string,
): Promise<Row[]> {
  const known = await digestsOf(
    pool,
    shelf,
    all.map(({ id }) => id),
  );
  const fresh = all.filter(({ id }) => !known.has(id));
  const different = all.filter(({ id, digest }) => known.has(id) && known.get(id) !== digest);
  if (fresh.length + different.length === 0) return [];
  const blocks = cutBlocks(fresh);
  const packed = await Promise.all(blocks.map(({ rows }) => packRaws(rows)));
  return inTransaction(pool, async (client) => {
    if (blocks.length > 0) {
      await copyIn(client, COPY_BLOCKS, blockLines(shelf, blocks, packed));
      await copyIn(client, COPY_ROWS, rowLines(shelf, blocks, seen_at));
    }
    const updated = await updateRows(client, shelf, different, seen_at);
    return [...fresh.map(({ row }) => row), ...updated];
  });
}

/** The last one of each id: a site that repeats itself over pages must not fail the statement. */
async function writeDown<Row extends Normalised>(rows: Iterable<Row>): Promise<Stored<Row>[]> {
  const by_id = new Map<string, Row>();
  for (const row of rows) if (row.id.length <= MAX_ID_CHARS) by_id.set(row.id, row);
  const all: Stored<Row>[] = [];
  for (const row of by_id.values()) {
    all.push(storedOf(row));
    if (all.length % ROWS_A_TURN === 0) await othersFirst();
  }
  return all;
}

function storedOf<Row extends Normalised>(row: Row): Stored<Row> {
  const { id, status, search, facts, shared_id, created_at, updated_at } = row;
  const name = row.name.slice(0, MAX_NAME_CHARS).toWellFormed();
  const facts_text = JSON.stringify(facts);
  const raw_text = storable(JSON.stringify(row.raw));
  const columns = [name, status, shared_id, created_at, updated_at].join("\n");
  const digest = hash("sha256", `${columns}\n${search}${facts_text}${raw_text}`, "base64");
  return { row, id, name, status, search, facts_text, raw_text, digest: digest.slice(0, DIGEST_CHARS) };
}

/** NUL and half surrogate pairs, as `JSON.stringify` escapes them; an even number of backslashes before is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** PostgreSQL, and many a client, cannot keep every string that JSON can spell: the rest becomes U+FFFD. */
function storable(json: string): string {
  return json.includes("\\u") ? json.replace(UNSTORABLE, "$1\\ufffd") : json;
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

/** What a crash takes away is read again, so nothing waits for a disk. */
async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin; set local synchronous_commit to off");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    const ended = await client.query("rollback").catch((failure: Error) => failure);
    client.release(ended instanceof Error ? ended : undefined);
    throw error;
  }
}

const COPY_BLOCKS = `copy search_blocks (id, site_project_id, kind, rows, first_name, last_name, filter, raws)
  from stdin`;

function* blockLines(
  { site_project_id, kind }: Shelf,
  blocks: readonly Block<Stored<Normalised>>[],
  packed: readonly Buffer[],
): Generator<Buffer> {
  for (const [at, { id, rows }] of blocks.entries()) {
    const { filter, first_name, last_name } = indexOf(rows);
    const names = `${copyText(first_name)}\t${copyText(last_name)}`;
    const raws = `\\\\x${packed[at]?.toString("hex") ?? ""}`;
    yield Buffer.from(`${id}\t${site_project_id}\t${kind}\t${rows.length}\t${names}\t${filter}\t${raws}\n`);
  }
}

const COPY_ROWS = `copy resources (site_project_id, kind, id, name, status, search, facts, shared_id, created_at,
  updated_at, seen_at, digest, block_id) from stdin`;

function* rowLines(
  { site_project_id, kind }: Shelf,
  blocks: readonly Block<Stored<Normalised>>[],
  seen_at: string,
): Generator<Buffer> {
  for (const block of blocks) {
    let lines = "";
    for (const { id, name, status, search, facts_text, digest, row } of block.rows) {
      const { shared_id, created_at, updated_at } = row;
      lines += `${site_project_id}\t${kind}\t${copyText(id)}\t${copyText(name)}\t${copyText(status)}\t`;
      lines += `${copyText(search)}\t${copyText(facts_text)}\t${copyText(shared_id)}\t${copyText(created_at)}\t`;
      lines += `${copyText(updated_at)}\t${seen_at}\t${digest}\t${block.id}\n`;
    }
    yield Buffer.from(lines);
  }
}

/** Changed rows stay in their blocks, whose filters learn the new words and keep the old ones. */
async function updateRows<Row extends Normalised>(
  client: pg.PoolClient,
  { site_project_id, kind }: Shelf,
  different: readonly Stored<Row>[],
  seen_at: string,
): Promise<Row[]> {
  const by_id = new Map(different.map((one) => [one.id, one]));
  const changed: Row[] = [];
  const by_block = new Map<number, Stored<Row>[]>();
  for (let at = 0; at < different.length; at += ROWS_A_BLOCK) {
    const records = different.slice(at, at + ROWS_A_BLOCK).map(recordOf);
    const { rows } = await client.query<{ id: string; block_id: number }>({
      name: "inventory-update",
      text: `update resources r set name = n.name, status = n.status, search = n.search, facts = n.facts, raw = n.raw,
          shared_id = n.shared_id, created_at = n.created_at, updated_at = n.updated_at, seen_at = $4, digest = n.digest
        from json_to_recordset($3::json) as n (id text, name text, status text, search text, facts jsonb, raw text,
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
  // in one order for everybody: two readings that meet must not wait for each other
  for (const [block_id, rows] of [...by_block].sort(([one], [other]) => one - other)) {
    const { filter, first_name, last_name } = indexOf(rows);
    await client.query({
      name: "inventory-widen-block",
      text: `update search_blocks set filter = filter | $2, first_name = least(first_name, $3),
          last_name = greatest(last_name, $4), stale_rows = stale_rows + $5
        where id = $1`,
      values: [block_id, filter, first_name, last_name, rows.length],
    });
  }
  return changed;
}

function recordOf({
  id,
  name,
  status,
  search,
  facts_text,
  raw_text,
  digest,
  row,
}: Stored<Normalised>): string {
  const { shared_id, created_at, updated_at } = row;
  const columns = { id, name, status, search, raw: raw_text, shared_id, created_at, updated_at, digest };
  return `${JSON.stringify(columns).slice(0, -1)},"facts":${facts_text}}`;
}

const DEADLOCK = "40P01";

/** Another reading wrote the same rows at the same moment. */
function isMeeting(error: unknown): boolean {
  return isUniqueViolation(error) || (error instanceof Error && "code" in error && error.code === DEADLOCK);
}
