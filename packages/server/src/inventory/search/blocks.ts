import { randomInt } from "node:crypto";
import { GramFilter, type Searched } from "./gram-filter.ts";

/** Rows that are put into one block when many come at once: more would set too many bits of its filter. */
export const ROWS_A_BLOCK = 32;
/** Ids of blocks are drawn, so that writers need not agree on them: below 2^47. */
const ID_RANGE = 2 ** 47;
/** Before and after every name, in the order of code points. */
const NO_NAME = "";
const LAST_NAME = "\u{10ffff}";

/** What a block is made of. */
export interface BlockRow extends Searched {
  readonly id: string;
  readonly name: string;
  /** The site's own JSON, in UTF-8: bytes, because text of that size is a burden to the collector of garbage. */
  readonly raw_json: Buffer;
}

/** Some rows that are searched, and left out of a search, together. */
export interface Block<Row extends BlockRow> {
  readonly id: number;
  readonly rows: readonly Row[];
}

/** Cuts rows into blocks of neighbours by name, so that a list in that order looks at few of them. */
export function cutBlocks<Row extends BlockRow>(rows: readonly Row[]): Block<Row>[] {
  const sorted = rows.toSorted((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
  const blocks: Block<Row>[] = [];
  for (let at = 0; at < sorted.length; at += ROWS_A_BLOCK) {
    blocks.push({ id: randomInt(ID_RANGE), rows: sorted.slice(at, at + ROWS_A_BLOCK) });
  }
  return blocks;
}

/** What tells whether a block can be left out. */
export interface BlockIndex {
  /** As PostgreSQL reads a `bit(n)`. */
  readonly filter: string;
  readonly first_name: string;
  readonly last_name: string;
}

export function indexOf(rows: readonly BlockRow[]): BlockIndex {
  const filter = new GramFilter();
  let first_name = LAST_NAME;
  let last_name = NO_NAME;
  for (const row of rows) {
    filter.add(row);
    const [low, high] = boundsOf(row.name);
    if (low < first_name) first_name = low;
    if (high > last_name) last_name = high;
  }
  return { filter: `x${filter.bytes.toString("hex")}`, first_name, last_name };
}

/** How PostgreSQL lowers other letters than these depends on it: such a name may stand anywhere. */
const ASCII = /^[\x20-\x7e]*$/;

function boundsOf(name: string): [string, string] {
  if (!ASCII.test(name)) return [NO_NAME, LAST_NAME];
  const lower = name.toLowerCase();
  return [lower, lower];
}
