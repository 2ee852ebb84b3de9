import type { CapabilityColumn, CapabilityMatrix, CapabilityRow } from "@uniview/api";
import type { CapabilitiesSearch } from "../paths/capabilities-search.ts";

/** Wider tables are read by nobody; a search by `site:` chooses others. */
export const MOST_COLUMNS = 24;

export interface NarrowMatrix {
  readonly columns: readonly CapabilityColumn[];
  readonly rows: readonly CapabilityRow[];
  /** Columns that fit the search and are not shown. */
  readonly more: number;
}

const SITE_TERM = /^site:(.+)$/;

/** The rows that have every word, and the columns of the sites that are named; all of them where none is. */
export function narrowMatrix(
  { columns, rows }: Pick<CapabilityMatrix, "columns" | "rows">,
  { q = "", only }: CapabilitiesSearch,
): NarrowMatrix {
  const terms = q.toLowerCase().split(/\s+/).filter(Boolean);
  const sites = terms.flatMap((term) => SITE_TERM.exec(term)?.[1] ?? []);
  const words = terms.filter((term) => !SITE_TERM.test(term));
  const wanted = columns.filter(
    ({ site }) => sites.length === 0 || sites.some((name) => site.includes(name)),
  );
  const shown = wanted.slice(0, MOST_COLUMNS);
  const ids = new Set(wanted.map(({ id }) => id));
  return {
    columns: shown,
    rows: rows.filter(
      (row) => words.every((word) => textOf(row).includes(word)) && (only === undefined || differ(row, ids)),
    ),
    more: wanted.length - shown.length,
  };
}

function textOf({ capability, service, does, rule }: CapabilityRow): string {
  return `${capability} ${service} ${does} ${rule ?? ""}`.toLowerCase();
}

/** Among the columns that are looked at; where nothing is known, nothing differs. */
function differ({ cells }: CapabilityRow, ids: ReadonlySet<string>): boolean {
  const known = cells.filter(({ column_id, state }) => ids.has(column_id) && state !== "unknown");
  return new Set(known.map(({ state }) => state)).size > 1;
}
