import type pg from "pg";
import { copyIn, copyText } from "../db/copy-in.ts";
import { type Block, type BlockRow, indexOf } from "./search/blocks.ts";
import { packRaws } from "./search/packed-raws.ts";
import type { Shelf } from "./shelf.ts";
import type { Stored } from "./stored.ts";

/** Writes what a search looks at first. */
export async function addBlocks(
  client: pg.ClientBase,
  shelf: Shelf,
  blocks: readonly Block<BlockRow>[],
): Promise<void> {
  const packed = await Promise.all(blocks.map(({ rows }) => packRaws(rows)));
  await copyIn(client, COPY_BLOCKS, blockLines(shelf, blocks, packed));
}

/** Writes rows that are not there yet, into blocks that are. */
export function addRows(
  client: pg.ClientBase,
  shelf: Shelf,
  blocks: readonly Block<Stored>[],
  seen_at: string,
): Promise<void> {
  return copyIn(client, COPY_ROWS, rowLines(shelf, blocks, seen_at));
}

const COPY_BLOCKS = `copy search_blocks (id, site_project_id, kind, rows, first_name, last_name, filter, raws)
  from stdin`;

function* blockLines(
  { site_project_id, kind }: Shelf,
  blocks: readonly Block<BlockRow>[],
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
  blocks: readonly Block<Stored>[],
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
