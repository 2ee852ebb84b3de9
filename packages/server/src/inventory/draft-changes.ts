import { ArrayValues, type ElementType, type WrittenArrays } from "../db/array-values.ts";
import type { BinaryValues } from "../db/binary-values.ts";
import { BlockIndex } from "./search/block-index.ts";
import { WRITTEN_COLUMNS, type WrittenRow, type WrittenRows } from "./written-rows.ts";

/** What rows are now, ready for PostgreSQL: an array for each of {@link CHANGED_COLUMNS}. */
export type ChangesDraft = WrittenArrays;

/** A row, and what its block has to let pass. */
interface ChangedRow {
  readonly written: WrittenRows;
  readonly row: WrittenRow;
  readonly index: BlockIndex;
}

interface ChangedColumn {
  readonly name: string;
  readonly type: ElementType;
  readonly write: (to: BinaryValues, changed: ChangedRow) => void;
}

/** Of rows, and of what their blocks have to let pass. */
export const CHANGED_COLUMNS: readonly ChangedColumn[] = [
  ...WRITTEN_COLUMNS.map(({ name, type }) => ({
    name,
    type,
    write: (to: BinaryValues, { written, row }: ChangedRow) => {
      const part = written.column(row, name);
      to.append(written.bytes, part.from, part.to);
    },
  })),
  { name: "raw", type: "text", write: (to, { row }) => to.binary(row.raw_json) },
  { name: "digest", type: "text", write: (to, { row }) => to.text(row.digest) },
  { name: "filter", type: "varbit", write: (to, { index }) => to.bits(index.filter.bytes) },
  { name: "first_name", type: "text", write: (to, { index }) => to.text(index.names.first) },
  { name: "last_name", type: "text", write: (to, { index }) => to.text(index.names.last) },
  { name: "first_status", type: "text", write: (to, { index }) => to.text(index.statuses.first) },
  { name: "last_status", type: "text", write: (to, { index }) => to.text(index.statuses.last) },
];

/** What a server takes with its filter, so that room is seldom made twice. */
const ROW_BYTES = 10_240;

/** Pure, and free of anything but CPU: it may be done in any thread. */
export function draftChanges(written: WrittenRows, chosen: readonly WrittenRow[]): ChangesDraft {
  const changed = chosen.map((row) => ({ written, row, index: indexOf(written, row) }));
  const arrays = new ArrayValues(chosen.length * ROW_BYTES);
  for (const { type, write } of CHANGED_COLUMNS) {
    arrays.begin(type, changed.length);
    for (const one of changed) write(arrays.values, one);
  }
  return arrays.end();
}

function indexOf(written: WrittenRows, row: WrittenRow): BlockIndex {
  const index = new BlockIndex();
  const { from, to } = written.search(row);
  index.add(row, written.bytes, from, to);
  return index;
}
