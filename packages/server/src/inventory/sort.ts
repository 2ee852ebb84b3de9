import { type RawBuilder, sql } from "kysely";
import type { Cursor } from "./cursor.ts";
import type { GrantedReading } from "./granted.ts";

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

/** What an order runs along, of blocks: the least and the greatest of their rows. */
const BOUNDS = {
  status: ["first_status", "last_status"],
  created_at: ["first_created_at", "last_created_at"],
  updated_at: ["first_updated_at", "last_updated_at"],
} as const;

/**
 * Between what the rows of the block `b` lie that come after the cursor, in the direction of the sort: as many
 * expressions as {@link orderBy} has, of the same types.
 */
export function blockOrder(
  { column, descending }: SortKey,
  granted: readonly GrantedReading[],
  cursor: Cursor | undefined,
): { begins: RawBuilder<unknown>[]; ends: RawBuilder<unknown>[] } {
  const names = [sql`b.first_name`, sql`b.last_name`];
  const [name_begin = sql``, name_end = sql``] = descending ? names.reverse() : names;
  if (column === "name") return { begins: [name_begin], ends: [name_end] };
  if (column === "site" || column === "project_name") {
    const { expression } = ofProject(granted, KEYS[column], "b");
    return { begins: [expression, name_begin], ends: [expression, name_end] };
  }
  const bounds = BOUNDS[column].map((bound) => sql.ref(`b.${bound}`));
  const [begin = sql``, end = sql``] = descending ? bounds.reverse() : bounds;
  if (!cursor) return { begins: [begin, name_begin], ends: [end, name_end] };
  // what lies before the cursor must not make a block seem to come first
  const reached = sql`${cursor.keys[0] ?? ""}::${column === "status" ? TEXT : INSTANT}`;
  const rest = descending ? sql`least(${begin}, ${reached})` : sql`greatest(${begin}, ${reached})`;
  return { begins: [rest, name_begin], ends: [end, name_end] };
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
