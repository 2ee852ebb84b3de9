import { GramFilter } from "./gram-filter.ts";

/** What is searched and sorted by of one row. */
export interface Indexed {
  readonly name: string;
  readonly status: string | null;
}

/** Before and after every text, in the order of code points. */
const FIRST_TEXT = "";
const LAST_TEXT = "\u{10ffff}";
/** How PostgreSQL lowers other letters than these depends on it: such a text may stand anywhere, as may a long one. */
const PLAIN_TEXT = /^[\x20-\x7e]{0,255}$/;

/** Between which texts others lie, in lower case. */
class Bounds {
  first = LAST_TEXT;
  last = FIRST_TEXT;

  add(text: string): void {
    const is_plain = PLAIN_TEXT.test(text);
    const lower = text.toLowerCase();
    const first = is_plain ? lower : FIRST_TEXT;
    const last = is_plain ? lower : LAST_TEXT;
    if (first < this.first) this.first = first;
    if (last > this.last) this.last = last;
  }
}

/** Between what rows lie in the order of lists. */
export class RowBounds {
  readonly names = new Bounds();
  readonly statuses = new Bounds();

  add({ name, status }: Indexed): void {
    this.names.add(name);
    this.statuses.add(status ?? "");
  }
}

/** What tells of some rows whether they can be left out of a search, and between what they lie. */
export class BlockIndex {
  readonly filter = new GramFilter();
  readonly bounds = new RowBounds();

  /** @param search_text holds the row's in UTF-8, from one index to before the other */
  add(row: Indexed, search_text: Uint8Array, from: number, to: number): void {
    addToFilter(this.filter, row, search_text, from, to);
    this.bounds.add(row);
  }
}

/** @param search_text holds the row's in UTF-8, from one index to before the other */
export function addToFilter(
  filter: GramFilter,
  { status }: Indexed,
  search_text: Uint8Array,
  from: number,
  to: number,
): void {
  filter.add(search_text, from, to);
  if (status !== null) filter.addStatus(status.toLowerCase());
}

/** Of rows at hand. */
export function indexOf(rows: readonly (Indexed & { readonly search: string })[]): BlockIndex {
  const index = new BlockIndex();
  for (const row of rows) {
    const text = Buffer.from(row.search);
    index.add(row, text, 0, text.length);
  }
  return index;
}
