import { ArrayValues, type ElementType, type WrittenArrays } from "../db/array-values.ts";
import type { BinaryValues } from "../db/binary-values.ts";
import { addToFilter, RowBounds } from "./search/block-index.ts";
import { GramFilter } from "./search/gram-filter.ts";
import { WRITTEN_COLUMNS, type WrittenRow, type WrittenRows } from "./written-rows.ts";

/** What rows are now, ready for PostgreSQL: an array for each of {@link CHANGED_COLUMNS}. */
export type ChangesDraft = WrittenArrays;

/** A row, and what its block has to let pass. */
interface ChangedRow {
  readonly written: WrittenRows;
  readonly row: WrittenRow;
  readonly bounds: RowBounds;
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
  { name: "filter", type: "varbit", write: (to, { written, row }) => to.bits(filterOf(written, row)) },
  { name: "first_name", type: "text", write: (to, { bounds }) => to.text(bounds.names.first) },
  { name: "last_name", type: "text", write: (to, { bounds }) => to.text(bounds.names.last) },
  { name: "first_status", type: "text", write: (to, { bounds }) => to.text(bounds.statuses.first) },
  { name: "last_status", type: "text", write: (to, { bounds }) => to.text(bounds.statuses.last) },
];

/** What a server takes with its filter, so that room is seldom made twice. */
const ROW_BYTES = 10_240;

/** Pure, and free of anything but CPU: it may be done in any thread. */
export function draftChanges(written: WrittenRows, chosen: readonly WrittenRow[]): ChangesDraft {
  const changed = chosen.map((row) => ({ written, row, bounds: boundsOf(row) }));
  const arrays = new ArrayValues(chosen.length * ROW_BYTES);
  for (const { type, write } of CHANGED_COLUMNS) {
    arrays.begin(type, changed.length);
    for (const one of changed) write(arrays.values, one);
  }
  return arrays.end();
}

/** Of one row after the other: each is written before the next one is made. */
const filter = new GramFilter();

function filterOf(written: WrittenRows, row: WrittenRow): Uint8Array {
  filter.clear();
  const { from, to } = written.search(row);
  addToFilter(filter, row, written.bytes, from, to);
  return filter.bytes;
}

function boundsOf(row: WrittenRow): RowBounds {
  const bounds = new RowBounds();
  bounds.add(row);
  return bounds;
}
