import type pg from "pg";
import { inUnsyncedTransaction } from "../db/unsynced-transaction.ts";
import { addBlocks } from "./add-rows.ts";
import { draftBlocks } from "./draft-rows.ts";
import { type BlockRow, cutBlocks, ROWS_A_BLOCK } from "./search/blocks.ts";
import { unpackRaws } from "./search/packed-raws.ts";
import type { Shelf } from "./shelf.ts";

/** Blocks that are renewed at once: two thousand rows, and the next full reading goes on. */
const BLOCKS_AT_ONCE = 64;
const LOCK_NOT_AVAILABLE = "55P03";

interface WornBlock {
  readonly id: number;
  readonly rows: number;
  readonly stale_rows: number;
  readonly raws: Buffer | null;
}

type WornRow = Omit<BlockRow, "raw_json"> & { readonly raw: string | null; readonly block_id: number };

/**
 * Makes new blocks of those whose filters know many words that are gone, or that hold few rows. Gives way to readings
 * that write the same rows.
 */
export async function renewBlocks(pool: pg.Pool, shelf: Shelf): Promise<void> {
  try {
    await inUnsyncedTransaction(pool, (client) => renew(client, shelf));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === LOCK_NOT_AVAILABLE)) throw error;
  }
}

async function renew(client: pg.PoolClient, shelf: Shelf): Promise<void> {
  const { site_project_id, kind } = shelf;
  const { rows: worn } = await client.query<WornBlock>(
    `select id, rows, stale_rows, raws from search_blocks
      where site_project_id = $1 and kind = $2 and (stale_rows * 2 >= rows or (rows - stale_rows) * 2 < $3)
      order by id limit $4 for update skip locked`,
    [site_project_id, kind, ROWS_A_BLOCK, BLOCKS_AT_ONCE],
  );
  const kept = worn.reduce((sum, { rows, stale_rows }) => sum + Math.max(0, rows - stale_rows), 0);
  const fewer = Math.ceil(kept / ROWS_A_BLOCK) < worn.length;
  if (!fewer && !worn.some(({ rows, stale_rows }) => stale_rows * 2 >= rows)) return;
  const ids = worn.map(({ id }) => id);
  const { rows } = await client.query<WornRow>(
    `select id, name, status, search, raw, block_id from resources
      where block_id = any($1) for update nowait`,
    [ids],
  );
  const blocks = cutBlocks(await withRaws(rows, worn));
  if (blocks.length > 0) await addBlocks(client, draftBlocks(shelf, blocks));
  const moved = blocks.flatMap((block) => block.rows.map((row) => ({ id: row.id, block_id: block.id })));
  await client.query(
    `update resources r set block_id = n.block_id, raw = null
      from unnest($3::text[], $4::bigint[]) as n (id, block_id)
      where r.site_project_id = $1 and r.kind = $2 and r.id = n.id`,
    [site_project_id, kind, moved.map(({ id }) => id), moved.map(({ block_id }) => block_id)],
  );
  await client.query("delete from search_blocks where id = any($1)", [ids]);
}

async function withRaws(rows: readonly WornRow[], worn: readonly WornBlock[]): Promise<BlockRow[]> {
  const by_block = new Map<number, Record<string, unknown>>();
  for (const { id, raws } of worn) if (raws) by_block.set(id, await unpackRaws(raws));
  return rows.map(({ raw, block_id, ...row }) => ({
    ...row,
    raw_json: Buffer.from(raw ?? JSON.stringify(by_block.get(block_id)?.[row.id] ?? {})),
  }));
}
