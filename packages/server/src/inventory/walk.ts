import { type RawBuilder, sql } from "kysely";
import type { Cursor } from "./cursor.ts";
import type { GrantedReading } from "./granted.ts";
import { ROWS_A_BLOCK } from "./search/blocks.ts";
import { blockOrder, type OrderBy, type SortKey } from "./sort.ts";

/**
 * Blocks that a walk looks at whole before it takes any rows it finds, beside those that fill a page. More where a
 * block seldom has rows of those that come first, as with statuses.
 */
const FIRST_BLOCKS = { name: 4, site: 4, project_name: 4, status: 64 } as const;

/** Orders in which blocks tell where rows may lie. */
export type WalkedColumn = keyof typeof FIRST_BLOCKS;

export interface Walk {
  /** What is needed of the blocks `b`. */
  readonly columns: RawBuilder<unknown>;
  /** Common table expressions over `b`, where the condition `wanted` holds. */
  readonly steps: RawBuilder<unknown>;
  /** Ids of the blocks that can have any row of the page. */
  readonly blocks: RawBuilder<unknown>;
}

export interface WalkRequest {
  readonly column: WalkedColumn;
  readonly sort_key: SortKey;
  readonly granted: readonly GrantedReading[];
  readonly cursor: Cursor | undefined;
  readonly limit: number;
  readonly by: readonly OrderBy[];
  /** Of the row `r`: is looked for, and comes after the cursor. */
  readonly matches: RawBuilder<unknown>;
  readonly wanted: RawBuilder<unknown>;
}

/**
 * Walks along the order from block to block until twice as many rows are found as a page has. The last one of a page of
 * those bounds it: whatever comes before that lies in a block that begins before it, and nothing else needs to be
 * looked at. Twice, because blocks overlap: where one that begins early ends late, its last rows are not of the page,
 * and to be bounded by one of them would mean to look at all that lies between.
 */
export function walkBlocks(request: WalkRequest): Walk {
  const { column, sort_key, granted, cursor, limit, by, matches, wanted } = request;
  const { begins, ends } = blockOrder(column, sort_key.descending, granted, cursor);
  const [direction, before] = sort_key.descending ? [sql`desc`, sql`>`] : [sql`asc`, sql`<`];
  const places = begins.map((_, at) => sql.ref(`begin_${at}`));
  const values = by.map((_, at) => sql.ref(`value_${at}`));
  const named = (expressions: readonly RawBuilder<unknown>[], names: readonly RawBuilder<unknown>[]) =>
    sql.join(expressions.map((one, at) => sql`${one} as ${names[at]}`));
  const along = (names: readonly RawBuilder<unknown>[]) =>
    sql.join(names.map((one) => sql`${one} ${direction}`));
  const row = (parts: readonly RawBuilder<unknown>[]) => sql`row(${sql.join(parts)})`;
  const reached = cursor
    ? sql`not (${row(ends)} ${before} ${row(by.map(({ type }, at) => sql`${cursor.keys[at] ?? ""}::${type}`))})`
    : sql`true`;
  const first_blocks = FIRST_BLOCKS[column] + Math.ceil(limit / ROWS_A_BLOCK);
  const valued = named(
    by.map(({ expression }) => expression),
    values,
  );
  return {
    columns: sql`${named(begins, places)}, ${reached} as reached`,
    steps: sql`
      walk as materialized (
        select id, row_number() over (order by ${along(places)}) as place from b where reached and ${wanted}
      ),
      near as materialized (
        select ${valued} from resources r
        where r.block_id = any(array(select id from walk where place <= ${first_blocks})) and ${matches}
      ),
      far as (
        select one.* from (select id from walk where place > ${first_blocks} order by place) w
          cross join lateral (
            select ${valued} from resources r where r.block_id = w.id and ${matches} offset 0
          ) one
        limit greatest(0, ${2 * (limit + 1)} - (select count(*) from near))
      ),
      bound as materialized (
        select * from (select * from near union all select * from far) walked
        order by ${along(values)} offset ${limit} limit 1
      )`,
    blocks: sql`
      select id from b
      where reached and not coalesce((select ${row(values)} ${before} ${row(places)} from bound), false)`,
  };
}
