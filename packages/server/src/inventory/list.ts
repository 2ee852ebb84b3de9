import type { ResourceKind } from "@uniview/api";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { filterBits, searchConditions } from "./conditions.ts";
import { type Cursor, writeCursor } from "./cursor.ts";
import type { GrantedReading } from "./granted.ts";
import { ROWS_A_BLOCK } from "./search/blocks.ts";
import type { SearchTerm } from "./search-terms.ts";
import { blockOrder, type OrderBy, orderBy, type SortColumn, type SortKey } from "./sort.ts";
import type { FactsJson } from "./tables.ts";

export interface ListRequest {
  readonly kind: ResourceKind;
  /** The projects to look in, best reader first. */
  readonly granted: readonly GrantedReading[];
  readonly terms: readonly SearchTerm[];
  /** As asked for, for the cursor. */
  readonly sort: string;
  readonly sort_key: SortKey;
  readonly limit: number;
  readonly cursor: Cursor | undefined;
  /** Show what several of these projects see in common once. */
  readonly once: boolean;
}

export interface StoredRow {
  readonly site_project_id: string;
  readonly id: string;
  readonly name: string;
  readonly status: string | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly seen_at: string;
  readonly facts: FactsJson;
}

export interface StoredPage {
  readonly rows: StoredRow[];
  readonly next_cursor: string | undefined;
  readonly total: { readonly count: number; readonly exact: boolean };
}

/** How much is looked at before an estimate does. */
export interface ListEffort {
  /** Rows that are looked at one by one, in blocks that the filters leave: what they hold is counted exactly. */
  readonly max_looked_at: number;
  /** Blocks that a walk begins with, beside those that fill a page. */
  readonly first_blocks: number;
}

const EFFORT: ListEffort = { max_looked_at: 8_192, first_blocks: 24 };
/** Without a search nothing is left out: beyond this the readers' own counts do. */
const MAX_COUNT = 1_000;
/** Blocks that an estimate looks into. */
const SAMPLED_BLOCKS = 48;
/** If a walk's first blocks do not fill a page, so many times as many: as it takes by what they gave, and some more. */
const LEAST_GROWTH = 2;
const MOST_GROWTH = 16;
const MARGIN = 1.3;

const COLUMNS = sql`r.site_project_id, r.id, r.name, r.status, r.created_at, r.updated_at, r.seen_at, r.facts`;

type KeyedRow = StoredRow & { readonly keys: string[] };
/** Of a query that answers something even where no row does. */
type MaybeRow = KeyedRow | { readonly id: null };
type Total = StoredPage["total"];

/**
 * One page of a list, from the database alone.
 *
 * Words that few rows have leave few blocks: those are looked at whole, and sorted. Others are in most blocks, so a
 * walk along the order soon finds enough; how many there are in all is then estimated from a sample.
 */
export async function listPage(
  db: Kysely<Tables>,
  request: ListRequest,
  effort: ListEffort = EFFORT,
): Promise<StoredPage> {
  const { granted, terms, sort_key } = request;
  if (granted.length === 0) return { rows: [], next_cursor: undefined, total: { count: 0, exact: true } };
  if (searchConditions(terms).length === 0) {
    const [rows, total] = await Promise.all([
      OF_PROJECT.has(sort_key.column) ? walkBlocks(db, request, effort) : walkRows(db, request),
      countAll(db, request),
    ]);
    return pageOf(request, rows, total);
  }
  const few = await findFew(db, request, effort);
  if (few) return pageOf(request, few.rows, { count: few.found, exact: true });
  const [rows, total] = await Promise.all([
    BY_BLOCK.has(sort_key.column) ? walkBlocks(db, request, effort) : walkRows(db, request),
    estimate(db, request),
  ]);
  return pageOf(request, rows, { ...total, count: Math.max(total.count, rows.length) });
}

function pageOf({ limit, sort }: ListRequest, found: readonly KeyedRow[], total: Total): StoredPage {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const more = found.length > limit && last !== undefined;
  return { rows, next_cursor: more ? writeCursor({ ...last, sort }) : undefined, total };
}

/** All that matches, and one page of it; undefined: the filters leave too much to look at. */
async function findFew(
  db: Kysely<Tables>,
  request: ListRequest,
  { max_looked_at }: ListEffort,
): Promise<{ found: number; rows: KeyedRow[] } | undefined> {
  const { keys, order, after } = orderOf(request);
  const { rows } = await sql<MaybeRow & { looked_at: number; found: number }>`
    with b as materialized (select b.id, b.rows from search_blocks b where ${candidates(request)}),
      few as (select coalesce(sum(rows), 0)::int as looked_at, coalesce(array_agg(id), '{}') as ids from b),
      r as materialized (
        select ${COLUMNS} from resources r
        where (select looked_at <= ${max_looked_at} from few) and r.block_id = any((select ids from few)::bigint[])
          and ${conditions(request)}
      ),
      counted as (select count(*) as found from r)
    select few.looked_at, counted.found, ${COLUMNS}, ${keys} as keys
    from few cross join counted left join r on ${after}
    order by ${order} limit ${request.limit + 1}`.execute(db);
  const [first] = rows;
  if (!first || first.looked_at > max_looked_at) return undefined;
  return { found: first.found, rows: rows.filter((row) => row.id !== null) };
}

/** Sorts that no index of rows serves. */
const OF_PROJECT: ReadonlySet<SortColumn> = new Set(["site", "project_name"]);
/** Sorts in which neighbours lie in one block. */
const BY_BLOCK: ReadonlySet<SortColumn> = new Set(["name", "site", "project_name"]);

/** Walks along the order from block to block, until nothing in later ones can come before what was found. */
async function walkBlocks(
  db: Kysely<Tables>,
  request: ListRequest,
  { first_blocks }: ListEffort,
): Promise<KeyedRow[]> {
  const { limit, sort_key, cursor } = request;
  const { by, keys, order, after } = orderOf(request);
  const { begins, ends } = blockOrder(sort_key, request.granted);
  const direction = sort_key.descending ? sql`desc` : sql`asc`;
  const before = sort_key.descending ? sql`>` : sql`<`;
  const places = sql.join([...begins, sql`b.id`].map((one) => sql`${one} ${direction}`));
  const reached = cursor
    ? sql`not (row(${sql.join(ends)}) ${before} row(${sql.join(cursor.keys.map((key) => sql`${key}::text`))}))`
    : sql`true`;
  for (let blocks = first_blocks + Math.ceil(limit / ROWS_A_BLOCK); ; ) {
    const { rows } = await sql<MaybeRow & { more: boolean; certain: boolean }>`
      with b as materialized (
          select b.id, b.site_project_id, b.first_name, b.last_name, row_number() over (order by ${places}) as place from search_blocks b
          where ${candidates(request)} and ${reached} order by place limit ${blocks + 1}
        ),
        page as (
          select ${COLUMNS}, ${keys} as keys, coalesce(row(${sql.join(by.map(({ expression }) => expression))}) ${before}
            (select ${sql.join(begins)} from b where place = ${blocks + 1}), true) as certain
          from resources r
          where r.block_id = any(array(select id from b where place <= ${blocks})) and ${conditions(request)}
            and ${after}
          order by ${order} limit ${limit + 1}
        )
      select page.*, all_in.more
      from (select count(*) > ${blocks} as more from b) all_in left join page on true`.execute(db);
    const found = rows.filter((row) => row.id !== null);
    const enough = found.length > limit && found.at(-1)?.certain;
    if (enough || !rows[0]?.more) return found;
    const growth = (MARGIN * (limit + 1)) / Math.max(1, found.length);
    blocks = Math.ceil(blocks * Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, growth)));
  }
}

/** Walks along the order until a page is full: for sorts that blocks know nothing of, and lists without a search. */
async function walkRows(db: Kysely<Tables>, request: ListRequest): Promise<KeyedRow[]> {
  const { keys, order, after } = orderOf(request);
  const { rows } = await sql<KeyedRow>`
    select ${COLUMNS}, ${keys} as keys from resources r where ${conditions(request)} and ${after}
    order by ${order} limit ${request.limit + 1}`.execute(db);
  return rows;
}

/** How many match, from looking into some of the blocks: ids are drawn, so those with the lowest are a fair sample. */
async function estimate(db: Kysely<Tables>, request: ListRequest): Promise<Total> {
  const { rows } = await sql<{ rows: number; sampled: number; found: number }>`
    with b as materialized (select b.id, b.rows from search_blocks b where ${candidates(request)}),
      sample as materialized (select id, rows from b order by id limit ${SAMPLED_BLOCKS})
    select (select sum(rows) from b)::int as rows, (select sum(rows) from sample)::int as sampled,
      (select count(*) from resources r
        where r.block_id = any(array(select id from sample)) and ${conditions(request)}) as found`.execute(
    db,
  );
  const [one] = rows;
  if (!one) return { count: 0, exact: false };
  return { count: roughly((one.found / Math.max(1, one.sampled)) * one.rows), exact: false };
}

async function countAll(db: Kysely<Tables>, request: ListRequest): Promise<Total> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count
    from (select 1 from resources r where ${conditions(request)} limit ${MAX_COUNT + 1}) counted`.execute(db);
  const count = rows[0]?.count ?? 0;
  if (count <= MAX_COUNT) return { count, exact: true };
  const read = request.granted.reduce((sum, { rows_read }) => sum + rows_read, 0);
  return { count: Math.max(roughly(read), count), exact: false };
}

/** Two digits: more would claim what is not known. */
function roughly(count: number): number {
  return Number(count.toPrecision(2));
}

/** The blocks that may hold what is asked for. */
function candidates({ kind, granted, terms }: ListRequest): RawBuilder<unknown> {
  const bits = filterBits(terms);
  return sql.join(
    [
      sql`b.kind = ${kind}`,
      sql`b.site_project_id = any(${idsOf(granted)}::uuid[])`,
      ...bits.map((bit) => sql`get_bit(b.filter, ${sql.lit(bit)}) = 1`),
    ],
    sql` and `,
  );
}

function idsOf(granted: readonly GrantedReading[]): string[] {
  return granted.map(({ site_project_id }) => site_project_id);
}

/** The sort as SQL: values for cursors, what to order by, and the condition to come after the cursor. */
function orderOf({ sort_key: { column, descending }, granted, cursor }: ListRequest) {
  const by = orderBy(column, granted);
  const direction = descending ? sql`desc` : sql`asc`;
  const columns = [...by.map(({ expression }) => expression), sql`r.site_project_id`, sql`r.id`];
  return {
    by,
    keys: sql`array[${sql.join(by.map(({ expression }) => sql`(${expression})::text`))}]`,
    order: sql.join(columns.map((one) => sql`${one} ${direction}`)),
    after: cursor ? comesAfter(cursor, by, descending) : sql<boolean>`true`,
  };
}

function conditions({ kind, granted, terms, once }: ListRequest): RawBuilder<unknown> {
  return sql.join(
    [
      sql`r.kind = ${kind}`,
      sql`r.site_project_id = any(${idsOf(granted)}::uuid[])`,
      ...searchConditions(terms),
      ...(once && haveSitesInCommon(granted) ? [sql`not ${bettersExist(granted)}`] : []),
    ],
    sql` and `,
  );
}

function haveSitesInCommon(granted: readonly GrantedReading[]): boolean {
  return new Set(granted.map(({ site_id }) => site_id)).size < granted.length;
}

/** Does another granted project of the same site show the same thing, as its owner or from further up the list? */
function bettersExist(granted: readonly GrantedReading[]): RawBuilder<boolean> {
  const ids = idsOf(granted);
  const sites = granted.map(({ site_id }) => site_id);
  const place = (row: string) => sql`array_position(${ids}::uuid[], ${sql.ref(`${row}.site_project_id`)})`;
  const site = (row: string) => sql`(${sites}::uuid[])[${place(row)}]`;
  const rank = (row: string) =>
    sql`(coalesce(${sql.ref(`${row}.facts`)} ->> 'owned', 'false') = 'true', - ${place(row)})`;
  return sql`exists (
    select 1 from resources o
    where o.kind = r.kind and o.shared_id = r.shared_id and o.site_project_id = any(${ids}::uuid[])
      and o.site_project_id <> r.site_project_id and ${site("o")} = ${site("r")} and ${rank("o")} > ${rank("r")}
  )`;
}

function comesAfter(
  { keys, site_project_id, id }: Cursor,
  order: readonly OrderBy[],
  descending: boolean,
): RawBuilder<boolean> {
  const left = [...order.map(({ expression }) => expression), sql`r.site_project_id`, sql`r.id`];
  const right = [
    ...order.map(({ type }, index) => sql`${keys[index] ?? ""}::${type}`),
    sql`${site_project_id}::uuid`,
    sql`${id}`,
  ];
  return sql`(${sql.join(left)}) ${descending ? sql`<` : sql`>`} (${sql.join(right)})`;
}
