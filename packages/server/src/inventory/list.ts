import type { ResourceKind } from "@uniview/api";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { searchConditions } from "./conditions.ts";
import { type Cursor, writeCursor } from "./cursor.ts";
import type { GrantedReading } from "./granted.ts";
import type { SearchTerm } from "./search-terms.ts";
import { type OrderBy, orderBy, type SortKey } from "./sort.ts";
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

/** Counting every match of a broad term costs more than showing a page of them: beyond this it is "at least". */
const MAX_COUNT = 1000;

const COLUMNS = sql`r.site_project_id, r.id, r.name, r.status, r.created_at, r.updated_at, r.seen_at, r.facts`;

type KeyedRow = StoredRow & { readonly keys: string[] };

/** One page of a list, from the database alone. */
export async function listPage(db: Kysely<Tables>, request: ListRequest): Promise<StoredPage> {
  const { granted, limit, sort, terms } = request;
  if (granted.length === 0) return { rows: [], next_cursor: undefined, total: { count: 0, exact: true } };
  const matching = sql`from resources r where ${sql.join(conditions(request), sql` and `)}`;
  const few = terms.length > 0 ? await findFew(db, request, matching) : undefined;
  const found = few?.found ?? (await count(db, matching));
  const page = few && few.found <= MAX_COUNT ? few.rows : await walkInOrder(db, request, matching);
  const rows = page.slice(0, limit);
  const last = rows.at(-1);
  const more = page.length > limit && last !== undefined;
  return {
    rows,
    next_cursor: more ? writeCursor({ ...last, sort }) : undefined,
    total: { count: Math.min(found, MAX_COUNT), exact: found <= MAX_COUNT },
  };
}

/**
 * Gathers what matches, up to one more than is counted, and sorts that: right for terms that few rows have, where
 * walking along the order would pass by nearly all rows. Left alone, the planner guesses wrongly which one it is.
 */
async function findFew(
  db: Kysely<Tables>,
  request: ListRequest,
  matching: RawBuilder<unknown>,
): Promise<{ found: number; rows: KeyedRow[] }> {
  const { keys, order, after } = orderOf(request);
  const { rows } = await sql<(KeyedRow | { id: null }) & { found: number }>`
    with r as materialized (select ${COLUMNS} ${matching} limit ${MAX_COUNT + 1}),
      counted as (select count(*) as found from r)
    select counted.found, ${COLUMNS}, ${keys} as keys
    from counted left join r on counted.found <= ${MAX_COUNT} and ${after}
    order by ${order} limit ${request.limit + 1}`.execute(db);
  return { found: rows[0]?.found ?? 0, rows: rows.filter((row) => row.id !== null) };
}

/** Walks along the order until a page is full: right for broad terms and for none. */
async function walkInOrder(
  db: Kysely<Tables>,
  request: ListRequest,
  matching: RawBuilder<unknown>,
): Promise<KeyedRow[]> {
  const { keys, order, after } = orderOf(request);
  const { rows } = await sql<KeyedRow>`
    select ${COLUMNS}, ${keys} as keys ${matching} and ${after}
    order by ${order} limit ${request.limit + 1}`.execute(db);
  return rows;
}

async function count(db: Kysely<Tables>, matching: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 ${matching} limit ${MAX_COUNT + 1}) counted`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The sort as SQL: values for cursors, what to order by, and the condition to come after the cursor. */
function orderOf({ sort_key: { column, descending }, granted, cursor }: ListRequest) {
  const by = orderBy(column, granted);
  const direction = descending ? sql`desc` : sql`asc`;
  const columns = [...by.map(({ expression }) => expression), sql`r.site_project_id`, sql`r.id`];
  return {
    keys: sql`array[${sql.join(by.map(({ expression }) => sql`(${expression})::text`))}]`,
    order: sql.join(columns.map((one) => sql`${one} ${direction}`)),
    after: cursor ? comesAfter(cursor, by, descending) : sql<boolean>`true`,
  };
}

function conditions({ kind, granted, terms, once }: ListRequest): RawBuilder<unknown>[] {
  const ids = granted.map(({ site_project_id }) => site_project_id);
  return [
    sql`r.kind = ${kind}`,
    sql`r.site_project_id = any(${ids}::uuid[])`,
    ...searchConditions(terms),
    ...(once && haveSitesInCommon(granted) ? [sql`not ${bettersExist(granted)}`] : []),
  ];
}

function haveSitesInCommon(granted: readonly GrantedReading[]): boolean {
  return new Set(granted.map(({ site_id }) => site_id)).size < granted.length;
}

/** Does another granted project of the same site show the same thing, as its owner or from further up the list? */
function bettersExist(granted: readonly GrantedReading[]): RawBuilder<boolean> {
  const ids = granted.map(({ site_project_id }) => site_project_id);
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
