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
      return [ofProject(granted, ({ site }) => site), NAME];
    case "project_name":
      return [ofProject(granted, ({ project_name }) => project_name.toLowerCase()), NAME];
  }
}

/** Sites and projects are few and known by now: a look into an array spares a join of every row. */
function ofProject(granted: readonly GrantedReading[], key: (project: GrantedReading) => string): OrderBy {
  const ids = granted.map(({ site_project_id }) => site_project_id);
  const keys = granted.map(key);
  return {
    expression: sql`(${keys}::text[])[array_position(${ids}::uuid[], r.site_project_id)] collate "C"`,
    type: TEXT,
  };
}
