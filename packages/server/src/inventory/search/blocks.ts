import { randomInt } from "node:crypto";

/** Rows that are put into one block when many come at once: more would set too many bits of its filter. */
export const ROWS_A_BLOCK = 32;
/** Ids of blocks are drawn, so that writers need not agree on them: below 2^47. */
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
export interface Block<Row extends BlockRow> {
  readonly id: number;
  readonly rows: readonly Row[];
}

/** Cuts rows into blocks of neighbours by name, so that a list in that order looks at few of them. */
export function cutBlocks<Row extends BlockRow>(rows: readonly Row[]): Block<Row>[] {
  const sorted = rows
    .map((row) => ({ row, name: row.name.toLowerCase() }))
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  const blocks: Block<Row>[] = [];
  for (let at = 0; at < sorted.length; at += ROWS_A_BLOCK) {
    blocks.push({
      id: randomInt(ID_RANGE),
      rows: sorted.slice(at, at + ROWS_A_BLOCK).map(({ row }) => row),
    });
  }
  return blocks;
}
