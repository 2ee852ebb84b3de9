/** What the URL of a list says. Whatever it does not say is the list's default, so that links stay short. */
export interface ListSearch {
  readonly q?: string;
  /** A column's sort field, `-` before it: descending. */
  readonly sort?: string;
  /** Ids of the columns to show, with commas. */
  readonly columns?: string;
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const { q, sort, columns } = search;
  return {
    ...(typeof q === "string" && q !== "" ? { q } : {}),
    ...(typeof sort === "string" && /^-?[a-z_]+$/.test(sort) ? { sort } : {}),
    ...(typeof columns === "string" && columns !== "" ? { columns } : {}),
  };
}

/** The order after a click on a column's head: ascending, descending, ascending. */
export function nextSort(present: string, field: string): string {
  return present === field ? `-${field}` : field;
}

interface Choosable {
  readonly id: string;
  /** Shown unless the URL says otherwise. */
  readonly shown: boolean;
}

/** The ids of the columns to show, in the order that the list has; unknown ids are passed over. */
export function shownColumns(columns: readonly Choosable[], chosen: string | undefined): string[] {
  const wanted = chosen?.split(",");
  const shown = columns.filter((column) => (wanted ? wanted.includes(column.id) : column.shown));
  return (shown.length > 0 ? shown : columns.filter((column) => column.shown)).map((column) => column.id);
}

/** What to write into the URL for these columns: nothing where they are the default. */
export function columnsParameter(
  columns: readonly Choosable[],
  shown: readonly string[],
): string | undefined {
  const chosen = columns.filter((column) => shown.includes(column.id)).map((column) => column.id);
  const usual = columns.filter((column) => column.shown).map((column) => column.id);
  return chosen.join() === usual.join() || chosen.length === 0 ? undefined : chosen.join();
}
