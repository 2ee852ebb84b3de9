import { CopyRows, uuidBytes } from "../db/copy-rows.ts";
import { BlockIndex, indexOf } from "./search/block-index.ts";
import { type Block, type BlockRow, cutBlocks, ROWS_A_BLOCK } from "./search/blocks.ts";
import { packRaws } from "./search/packed-raws.ts";
import type { Shelf } from "./shelf.ts";
import type { Stored } from "./stored.ts";

/** New rows and their blocks, ready for PostgreSQL: binary `copy` of {@link ROW_COLUMNS} and {@link BLOCK_COLUMNS}. */
export interface RowsDraft {
  readonly blocks: Buffer;
  readonly rows: Buffer;
}

export const ROW_COLUMNS = [
  "site_project_id",
  "kind",
  "id",
  "name",
  "status",
  "search",
  "facts",
  "shared_id",
  "created_at",
  "updated_at",
  "seen_at",
  "digest",
  "block_id",
] as const;

export const BLOCK_COLUMNS = [
  "id",
  "site_project_id",
  "kind",
  "rows",
  "first_name",
  "last_name",
  "first_status",
  "last_status",
  "filter",
  "raws",
] as const;

/** What a server takes, so that room is seldom made twice. */
const ROW_BYTES = 2_048;
const BLOCK_BYTES = 16_384;

/** Pure, and free of anything but CPU: it may be done in any thread. */
export function draftRows(shelf: Shelf, fresh: readonly Stored[], seen_at: string): RowsDraft {
  const rows = new CopyRows(ROW_COLUMNS.length, fresh.length * ROW_BYTES);
  const blocks = newBlocks(fresh.length);
  const site_project_id = uuidBytes(shelf.site_project_id);
  const seen_ms = Date.parse(seen_at);
  for (const block of cutBlocks(fresh)) {
    const index = new BlockIndex();
    for (const { id, name, status, search, facts_text, digest, row } of block.rows) {
      const { shared_id, created_at, updated_at } = row;
      rows.beginRow();
      rows.binary(site_project_id);
      rows.text(shelf.kind);
      rows.text(id);
      rows.text(name);
      rows.text(status);
      const from = rows.text(search);
      index.add({ name, status }, rows.bytes, from, rows.at);
      rows.text(facts_text);
      rows.text(shared_id);
      rows.instant(created_at === null ? null : Date.parse(created_at));
      rows.instant(updated_at === null ? null : Date.parse(updated_at));
      rows.instant(seen_ms);
      rows.text(digest);
      rows.bigint(block.id);
    }
    addBlock(blocks, site_project_id, shelf, block, index);
  }
  return { rows: rows.end(), blocks: blocks.end() };
}

/** New blocks of rows that are there already. */
export function draftBlocks(shelf: Shelf, blocks: readonly Block<BlockRow>[]): Buffer {
  const draft = newBlocks(blocks.length * ROWS_A_BLOCK);
  const site_project_id = uuidBytes(shelf.site_project_id);
  for (const block of blocks) addBlock(draft, site_project_id, shelf, block, indexOf(block.rows));
  return draft.end();
}

function newBlocks(rows: number): CopyRows {
  return new CopyRows(BLOCK_COLUMNS.length, Math.ceil(rows / ROWS_A_BLOCK) * BLOCK_BYTES);
}

function addBlock(
  draft: CopyRows,
  site_project_id: Uint8Array,
  { kind }: Shelf,
  { id, rows }: Block<BlockRow>,
  index: BlockIndex,
): void {
  draft.beginRow();
  draft.bigint(id);
  draft.binary(site_project_id);
  draft.text(kind);
  draft.integer(rows.length);
  draft.text(index.names.first);
  draft.text(index.names.last);
  draft.text(index.statuses.first);
  draft.text(index.statuses.last);
  draft.bits(index.filter.bytes);
  draft.binary(packRaws(rows));
}
