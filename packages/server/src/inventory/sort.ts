import { type RawBuilder, sql } from "kysely";
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

/** The same of blocks, for sorts by name or by what a block has one of: where their rows begin and end. */
export function blockOrder(
  { column, descending }: SortKey,
  granted: readonly GrantedReading[],
): { begins: RawBuilder<string>[]; ends: RawBuilder<string>[] } {
  const names = [sql<string>`b.first_name`, sql<string>`b.last_name`];
  const [begin = [], end = []] = (descending ? names.reverse() : names).map((name) => [name]);
  if (column === "name") return { begins: begin, ends: end };
  const { expression } = ofProject(granted, KEYS[column === "site" ? "site" : "project_name"], "b");
  return { begins: [expression, ...begin], ends: [expression, ...end] };
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
