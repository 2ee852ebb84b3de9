import { type RawBuilder, sql } from "kysely";
import type { Cursor } from "./cursor.ts";
import type { GrantedReading } from "./granted.ts";
import type { WalkedColumn } from "./walk.ts";

export type SortColumn = "name" | "site" | "status" | "created_at" | "updated_at" | "project_name";

export interface SortKey {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** `-created_at` → that column, the newest first. The contract's pattern was checked before. */
export function parseSort(sort: string): SortKey {
  const descending = sort.startsWith("-");
  return { column: (descending ? sort.slice(1) : sort) as SortColumn, descending };
}

/** An expression to order by, never null, whose value as text goes into cursors. */
export interface OrderBy {
  readonly expression: RawBuilder<string>;
  readonly type: RawBuilder<unknown>;
}

const TEXT = sql`text`;
const INSTANT = sql`timestamptz`;
const NAME: OrderBy = { expression: sql`lower(r.name) collate "C"`, type: TEXT };

/** Before the row's own key, which makes the order total; equal rows of any other column are ordered by name. */
export function orderBy(column: SortColumn, granted: readonly GrantedReading[]): OrderBy[] {
  switch (column) {
    case "name":
      return [NAME];
    case "status":
      return [{ expression: sql`lower(coalesce(r.status, '')) collate "C"`, type: TEXT }, NAME];
    case "created_at":
    case "updated_at":
      return [{ expression: sql`coalesce(${sql.ref(`r.${column}`)}, '-infinity')`, type: INSTANT }, NAME];
    case "site":
    case "project_name":
      return [ofProject(granted, KEYS[column], "r"), NAME];
  }
}

/**
 * Between what the rows of the block `b` lie that come after the cursor, in the direction of the sort: as many
 * expressions as {@link orderBy} has, of the same types.
 */
export function blockOrder(
  column: WalkedColumn,
  descending: boolean,
  granted: readonly GrantedReading[],
  cursor: Cursor | undefined,
): { begins: RawBuilder<unknown>[]; ends: RawBuilder<unknown>[] } {
  const [name_begin, name_end] = turned(sql`b.first_name`, sql`b.last_name`, descending);
  if (column === "name") return { begins: [name_begin], ends: [name_end] };
  if (column !== "status") {
    const { expression } = ofProject(granted, KEYS[column], "b");
    return { begins: [expression, name_begin], ends: [expression, name_end] };
  }
  const [begin, end] = turned(sql`b.first_status`, sql`b.last_status`, descending);
  if (!cursor) return { begins: [begin, name_begin], ends: [end, name_end] };
  // what lies before the cursor must not make a block seem to come first
  const rest = sql`${descending ? sql`least` : sql`greatest`}(${begin}, ${cursor.keys[0] ?? ""}::text)`;
  return { begins: [rest, name_begin], ends: [end, name_end] };
}

function turned<End>(first: End, last: End, descending: boolean): [End, End] {
  return descending ? [last, first] : [first, last];
}

const KEYS = {
  site: ({ site }: GrantedReading) => site,
  project_name: ({ project_name }: GrantedReading) => project_name.toLowerCase(),
};

/** Sites and projects are few and known by now: a look into an array spares a join of every row. */
function ofProject(
  granted: readonly GrantedReading[],
  key: (project: GrantedReading) => string,
  row: "r" | "b",
): OrderBy {
  const ids = granted.map(({ site_project_id }) => site_project_id);
  const keys = granted.map(key);
  const of = sql.ref(`${row}.site_project_id`);
  return {
    expression: sql`(${keys}::text[])[array_position(${ids}::uuid[], ${of})] collate "C"`,
    type: TEXT,
  };
}
