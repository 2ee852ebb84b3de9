import { CopyRows, uuidBytes } from "../db/copy-rows.ts";
import { BlockIndex, indexOf } from "./search/block-index.ts";
import { type Block, type BlockRow, cutBlocks, ROWS_A_BLOCK } from "./search/blocks.ts";
import { type PackedRow, packRaws } from "./search/packed-raws.ts";
import type { Shelf } from "./shelf.ts";
import { type Part, WRITTEN_COLUMNS, type WrittenRow, type WrittenRows } from "./written-rows.ts";

/** New rows and their blocks, ready for PostgreSQL: binary `copy` of {@link ROW_COLUMNS} and {@link BLOCK_COLUMNS}. */
export interface RowsDraft {
  readonly blocks: Buffer;
  readonly rows: Buffer;
}

export const ROW_COLUMNS = [
  ...WRITTEN_COLUMNS.map(({ name }) => name),
  "digest",
  "site_project_id",
  "kind",
  "seen_at",
  "block_id",
];

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

/** What is added to what was written of a row. */
const TAIL_BYTES = 128;
const BLOCK_BYTES = 16_384;

/** Pure, and free of anything but CPU: it may be done in any thread. */
export function draftRows(
  shelf: Shelf,
  written: WrittenRows,
  chosen: readonly WrittenRow[],
  seen_at: string,
): RowsDraft {
  const room_bytes = chosen.reduce((sum, row) => sum + lengthOf(written.columns(row)) + TAIL_BYTES, 0);
  const rows = new CopyRows(ROW_COLUMNS.length, room_bytes);
  const blocks = newBlocks(chosen.length);
  const site_project_id = uuidBytes(shelf.site_project_id);
  const seen_ms = Date.parse(seen_at);
  for (const block of cutBlocks(chosen)) {
    const index = new BlockIndex();
    for (const row of block.rows) {
      const { from, to } = written.search(row);
      index.add(row, written.bytes, from, to);
      rows.beginRow();
      const columns = written.columns(row);
      rows.append(written.bytes, columns.from, columns.to);
      rows.text(row.digest);
      rows.binary(site_project_id);
      rows.text(shelf.kind);
      rows.instant(seen_ms);
      rows.bigint(block.id);
    }
    addBlock(blocks, site_project_id, shelf, block.id, block.rows, index);
  }
  return { rows: rows.end(), blocks: blocks.end() };
}

function lengthOf({ from, to }: Part): number {
  return to - from;
}

/** New blocks of rows that are there already. */
export function draftBlocks(shelf: Shelf, blocks: readonly Block<BlockRow>[]): Buffer {
  const draft = newBlocks(blocks.length * ROWS_A_BLOCK);
  const site_project_id = uuidBytes(shelf.site_project_id);
  for (const { id, rows } of blocks) addBlock(draft, site_project_id, shelf, id, rows, indexOf(rows));
  return draft.end();
}

function newBlocks(rows: number): CopyRows {
  return new CopyRows(BLOCK_COLUMNS.length, Math.ceil(rows / ROWS_A_BLOCK) * BLOCK_BYTES);
}

function addBlock(
  draft: CopyRows,
  site_project_id: Buffer,
  { kind }: Shelf,
  id: number,
  rows: readonly PackedRow[],
  index: BlockIndex,
): void {
  draft.beginRow();
  draft.bigint(id);
  draft.binary(site_project_id);
  draft.text(kind);
  draft.integer(rows.length);
  const { names, statuses } = index.bounds;
  draft.text(names.first);
  draft.text(names.last);
  draft.text(statuses.first);
  draft.text(statuses.last);
  draft.bits(index.filter.bytes);
  draft.binary(packRaws(rows));
}
