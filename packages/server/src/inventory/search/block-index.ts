import { GramFilter } from "./gram-filter.ts";

/** What is searched and sorted by of one row. */
export interface Indexed {
  readonly name: string;
  readonly status: string | null;
  /** ISO 8601. */
  readonly created_at: string | null;
  readonly updated_at: string | null;
}

/** Before and after every text, in the order of code points. */
const FIRST_TEXT = "";
const LAST_TEXT = "\u{10ffff}";
/** How PostgreSQL lowers other letters than these depends on it: such a text may stand anywhere. */
const ASCII = /^[\x20-\x7e]*$/;

/** What tells of some rows whether they can be left out of a search, and between what they lie in each order. */
export class BlockIndex {
  readonly filter = new GramFilter();
  first_name = LAST_TEXT;
  last_name = FIRST_TEXT;
  first_status = LAST_TEXT;
  last_status = FIRST_TEXT;
  /** In milliseconds since 1970; a row without an instant is before all others. */
  first_created_ms = Infinity;
  last_created_ms = -Infinity;
  first_updated_ms = Infinity;
  last_updated_ms = -Infinity;

  /** @param search_text holds the row's in UTF-8, from one index to before the other */
  add(
    { name, status, created_at, updated_at }: Indexed,
    search_text: Uint8Array,
    from: number,
    to: number,
  ): void {
    this.filter.add(search_text, from, to);
    const lower_status = status?.toLowerCase() ?? "";
    if (status !== null) this.filter.addStatus(lower_status);
    this.#addName(name);
    this.#addStatus(lower_status);
    const created_ms = instantMs(created_at);
    this.first_created_ms = Math.min(this.first_created_ms, created_ms);
    this.last_created_ms = Math.max(this.last_created_ms, created_ms);
    const updated_ms = instantMs(updated_at);
    this.first_updated_ms = Math.min(this.first_updated_ms, updated_ms);
    this.last_updated_ms = Math.max(this.last_updated_ms, updated_ms);
  }

  #addName(name: string): void {
    const is_ascii = ASCII.test(name);
    const lower = name.toLowerCase();
    const first = is_ascii ? lower : FIRST_TEXT;
    const last = is_ascii ? lower : LAST_TEXT;
    if (first < this.first_name) this.first_name = first;
    if (last > this.last_name) this.last_name = last;
  }

  #addStatus(lower: string): void {
    const is_ascii = ASCII.test(lower);
    const first = is_ascii ? lower : FIRST_TEXT;
    const last = is_ascii ? lower : LAST_TEXT;
    if (first < this.first_status) this.first_status = first;
    if (last > this.last_status) this.last_status = last;
  }
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

/** As `coalesce(…, '-infinity')` orders them. */
export function instantMs(instant: string | null): number {
  return instant === null ? -Infinity : Date.parse(instant);
}
