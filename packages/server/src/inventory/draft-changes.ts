import { ArrayValues, type ElementType, type WrittenArrays } from "../db/array-values.ts";
import { type BlockIndex, indexOf } from "./search/block-index.ts";
import type { Stored } from "./stored.ts";

/** What rows are now, ready for PostgreSQL: an array for each of {@link CHANGED_COLUMNS}. */
export type ChangesDraft = WrittenArrays;

interface ChangedColumn {
  readonly name: string;
  readonly type: ElementType;
  readonly write: (to: ArrayValues, row: Stored, index: BlockIndex) => void;
}

/** Of rows, and of what their blocks have to let pass. */
export const CHANGED_COLUMNS: readonly ChangedColumn[] = [
  { name: "id", type: "text", write: (to, { id }) => to.text(id) },
  { name: "name", type: "text", write: (to, { name }) => to.text(name) },
  { name: "status", type: "text", write: (to, { status }) => to.text(status) },
  { name: "search", type: "text", write: (to, { search }) => to.text(search) },
  { name: "facts", type: "json", write: (to, { facts_text }) => to.text(facts_text) },
  { name: "raw", type: "text", write: (to, { raw_json }) => to.binary(raw_json) },
  { name: "shared_id", type: "text", write: (to, { row }) => to.text(row.shared_id) },
  { name: "created_at", type: "timestamptz", write: (to, { row }) => to.instant(msOf(row.created_at)) },
  { name: "updated_at", type: "timestamptz", write: (to, { row }) => to.instant(msOf(row.updated_at)) },
  { name: "digest", type: "text", write: (to, { digest }) => to.text(digest) },
  { name: "filter", type: "varbit", write: (to, _row, { filter }) => to.bits(filter.bytes) },
  { name: "first_name", type: "text", write: (to, _row, { names }) => to.text(names.first) },
  { name: "last_name", type: "text", write: (to, _row, { names }) => to.text(names.last) },
  { name: "first_status", type: "text", write: (to, _row, { statuses }) => to.text(statuses.first) },
  { name: "last_status", type: "text", write: (to, _row, { statuses }) => to.text(statuses.last) },
];

/** What a server takes with its filter, so that room is seldom made twice. */
const ROW_BYTES = 10_240;

/** Pure, and free of anything but CPU: it may be done in any thread. */
export function draftChanges(changed: readonly Stored[]): ChangesDraft {
  const indexed = changed.map((row) => ({ row, index: indexOf([row]) }));
  const arrays = new ArrayValues(changed.length * ROW_BYTES);
  for (const { type, write } of CHANGED_COLUMNS) {
    arrays.begin(type, changed.length);
    for (const { row, index } of indexed) write(arrays, row, index);
  }
  return arrays.end();
}

function msOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant);
}
