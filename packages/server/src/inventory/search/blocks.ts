import { randomInt } from "node:crypto";

/** Rows that are put into one block when many come at once: more would set too many bits of its filter. */
export const ROWS_A_BLOCK = 32;
/** Some more or less, so that names which belong together stay together. */
const LEAST_ROWS = 24;
const MOST_ROWS = 40;
/** Fewer rows would be put together with others soon. */
const LEAST_REST = 16;
const ID_RANGE = 2 ** 47;

/** What a block is made of. */
export interface BlockRow {
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  readonly search: string;
  /** The site's own JSON, in UTF-8: bytes, because text of that size is a burden to the collector of garbage. */
  readonly raw_json: Buffer;
}

/** Some rows that are searched, and left out of a search, together. */
export interface Block<Row> {
  readonly id: number;
  readonly rows: readonly Row[];
}

/**
 * Cuts rows into blocks of neighbours by name, so that a list in that order looks at few of them; between names that
 * have little in common, so that a word which one group of servers has is in no block of another.
 */
export function cutBlocks<Row extends Pick<BlockRow, "name">>(rows: readonly Row[]): Block<Row>[] {
  const sorted = rows
    .map((row) => ({ row, name: row.name.toLowerCase() }))
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  const names = sorted.map(({ name }) => name);
  const blocks: Block<Row>[] = [];
  for (let from = 0; from < sorted.length; ) {
    const to = endOfBlock(names, from);
    blocks.push({ id: drawBlockId(), rows: sorted.slice(from, to).map(({ row }) => row) });
    from = to;
  }
  return blocks;
}

/** Ids of blocks are drawn, so that writers need not agree on them: below 2^47. */
export function drawBlockId(): number {
  return randomInt(ID_RANGE);
}

function endOfBlock(names: readonly string[], from: number): number {
  const left = names.length - from;
  if (left <= MOST_ROWS) return names.length;
  let end = from + LEAST_ROWS;
  let least_in_common = Infinity;
  for (let rows = LEAST_ROWS; rows <= Math.min(MOST_ROWS, left - LEAST_REST); rows += 1) {
    const in_common = signsInCommon(names[from + rows - 1] ?? "", names[from + rows] ?? "");
    // of equals the one nearest to what a block is meant to have
    if (in_common > least_in_common || (in_common === least_in_common && rows > ROWS_A_BLOCK)) continue;
    least_in_common = in_common;
    end = from + rows;
  }
  return end;
}

/** How many signs two names begin with alike. */
function signsInCommon(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}
