import type { ResourceKind } from "@uniview/api";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { filterBits, searchConditions } from "./conditions.ts";
import { type Cursor, writeCursor } from "./cursor.ts";
import type { GrantedReading } from "./granted.ts";
import type { SearchTerm } from "./search-terms.ts";
import { type OrderBy, orderBy, type SortColumn, type SortKey } from "./sort.ts";
import { walkBlocks } from "./walk.ts";

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
  /** JSON; see `resources.facts`. */
  readonly facts: string;
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
}

const EFFORT: ListEffort = { max_looked_at: 8_192 };
/** Without a search nothing is left out: beyond this the readers' own counts do. */
const MAX_COUNT = 1_000;
/** Blocks that an estimate looks into. */
const SAMPLED_BLOCKS = 48;

const COLUMNS = sql`r.site_project_id, r.id, r.name, r.status, r.created_at, r.updated_at, r.seen_at, r.facts`;

type KeyedRow = StoredRow & { readonly keys: string[] };
interface Looked {
  /** Rows of all blocks that the filters leave. */
  readonly in_blocks: number;
  /** Those were few: all were looked at. */
  readonly few: boolean;
  /** Rows that were looked at to count, and how many of them match. */
  readonly counted: number;
  readonly found: number;
}

/**
 * One page of a list, from the database alone, by one statement that looks at the filters once.
 *
 * Words that few rows have leave few blocks: those are looked at whole, and sorted. Others are in most blocks, so a
 * walk along the order soon finds a page of them. How many there are in all is then estimated from a sample: ids are
 * drawn, so the lowest are a fair one.
 */
export async function listPage(
  db: Kysely<Tables>,
  request: ListRequest,
  effort: ListEffort = EFFORT,
): Promise<StoredPage> {
  const { granted, sort_key, limit } = request;
  if (granted.length === 0) return { rows: [], next_cursor: undefined, total: { count: 0, exact: true } };
  const { by, keys, order, after } = orderOf(request);
  const is_search = searchConditions(request.terms).length > 0;
  const max_looked_at = is_search ? effort.max_looked_at : Math.min(MAX_COUNT, effort.max_looked_at);
  const few = sql`(select few from every)`;
  const matches = conditions(request);
  const { column } = sort_key;
  const walk = isByDate(column)
    ? undefined
    : walkBlocks({ ...request, column, by, matches: sql`${matches} and ${after}`, wanted: sql`not ${few}` });
  const { rows } = await sql<Looked & (KeyedRow | { readonly id: null })>`
    with b as materialized (
        select b.id, b.rows${walk ? sql`, ${walk.columns}` : sql``} from search_blocks b where ${candidates(request)}
      ),
      every as materialized (
        select coalesce(sum(rows), 0)::int as in_blocks, coalesce(sum(rows), 0) <= ${max_looked_at} as few from b
      ),
      sample as materialized (
        select id, rows from b order by id
        limit (select case when few then null else ${is_search ? SAMPLED_BLOCKS : 0}::int end from every)
      ),
      seen as materialized (
        select ${COLUMNS} from resources r where r.block_id = any(array(select id from sample)) and ${matches}
      ),
      ${walk ? sql`${walk.steps},` : sql``}
      page as (
        (
          select ${COLUMNS} from seen r where ${few} and ${after} order by ${order} limit ${limit + 1}
        ) union all (
          select ${COLUMNS} from resources r
          where not ${few} and ${matches} and ${after} and ${walk ? sql`r.block_id = any(array(${walk.blocks}))` : sql`true`}
          order by ${order} limit ${limit + 1}
        )
      )
    select every.in_blocks, every.few, (select coalesce(sum(rows), 0)::int from sample) as counted,
      (select count(*) from seen) as found, ${COLUMNS}, ${keys} as keys
    from every left join page r on true order by ${order}`.execute(db);
  const [first] = rows;
  const found = rows.filter((one) => one.id !== null);
  return pageOf(request, found, first ? totalOf(request, first, found.length) : { count: 0, exact: true });
}

/** Blocks are made of neighbours by name: rows of any date may be in any of them, so there an index of rows serves. */
function isByDate(column: SortColumn): column is "created_at" | "updated_at" {
  return column === "created_at" || column === "updated_at";
}

function totalOf({ granted }: ListRequest, looked: Looked, shown: number): StoredPage["total"] {
  const { in_blocks, few, counted, found } = looked;
  if (few) return { count: found, exact: true };
  const read = granted.reduce((sum, { rows_read }) => sum + rows_read, 0);
  // a first reading under way has not counted yet
  const estimated = counted === 0 ? Math.max(read, MAX_COUNT) : (found / counted) * in_blocks;
  return { count: Math.max(roughly(estimated), found, shown), exact: false };
}

function pageOf(
  { limit, sort }: ListRequest,
  found: readonly KeyedRow[],
  total: StoredPage["total"],
): StoredPage {
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const more = found.length > limit && last !== undefined;
  return { rows, next_cursor: more ? writeCursor({ ...last, sort }) : undefined, total };
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
    sql`(coalesce(${sql.ref(`${row}.facts`)}::json ->> 'owned', 'false') = 'true', - ${place(row)})`;
  return sql`exists (
    select 1 from resources o
    where o.kind = r.kind and o.shared_id = r.shared_id and o.site_project_id = any(${ids}::uuid[])
      and o.site_project_id <> r.site_project_id and ${site("o")} = ${site("r")} and ${rank("o")} > ${rank("r")}
  )`;
}

/**
 * In the order of the keys, and not the cursor's row or one before it among equals. As one comparison of all of it
 * PostgreSQL takes equals of the first key for nobody, and goes through the table where an index has the order.
 */
function comesAfter(
  { keys, site_project_id, id }: Cursor,
  order: readonly OrderBy[],
  descending: boolean,
): RawBuilder<boolean> {
  const row = (parts: readonly RawBuilder<unknown>[]) => sql`row(${sql.join(parts)})`;
  const here = order.map(({ expression }) => expression);
  const there = order.map(({ type }, at) => sql`${keys[at] ?? ""}::${type}`);
  const [onward, back] = descending ? [sql`<=`, sql`>=`] : [sql`>=`, sql`<=`];
  return sql`(${row(here)} ${onward} ${row(there)} and not (
    ${row(here)} = ${row(there)}
    and row(r.site_project_id, r.id) ${back} row(${site_project_id}::uuid, ${id}::text)))`;
}
