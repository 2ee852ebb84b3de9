import { type RawBuilder, sql } from "kysely";
import type { GrantedReading } from "./granted.ts";
import { END, MARKS } from "./normalise/search-text.ts";
import { bitOfStatus, bitsOfWord } from "./search/gram-filter.ts";
import type { SearchTerm } from "./search-terms.ts";

/** Terms about the site or the project, which leave some of what was granted out altogether. */
export function chooseGranted(
  granted: readonly GrantedReading[],
  terms: readonly SearchTerm[],
): GrantedReading[] {
  return granted.filter((project) =>
    terms.every(({ field, value, exclude }) => {
      if (field === "site") return (project.site === value) !== exclude;
      if (field !== "project") return true;
      const names = [project.project_name.toLowerCase(), project.project_id.toLowerCase()];
      return names.includes(value) !== exclude;
    }),
  );
}

/** The other terms as conditions on the row `r`. */
export function searchConditions(terms: readonly SearchTerm[]): RawBuilder<boolean>[] {
  return terms.flatMap((term) => {
    const condition = conditionOf(term);
    if (!condition) return [];
    return term.exclude ? sql<boolean>`not (${condition})` : condition;
  });
}

/** Bits that are set in the filter of every block that holds a row with all these terms. */
export function filterBits(terms: readonly SearchTerm[]): number[] {
  const bits = terms.flatMap(({ exclude, field, value }) => {
    if (exclude || field === "site" || field === "project") return [];
    if (field === "status") return bitOfStatus(value);
    if (field === null || field === "id" || field === "name") return bitsOfWord(value);
    return bitsOfWord(value, field);
  });
  return [...new Set(bits)];
}

/** Wherever a value is also in the search text, that is looked at first: it is right beside the row's key. */
function conditionOf({ field, value }: SearchTerm): RawBuilder<boolean> | undefined {
  const somewhere = sql<boolean>`r.search like ${`%${escapeLike(value)}%`}`;
  switch (field) {
    case null:
      return somewhere;
    case "site":
    case "project":
      return undefined;
    case "status":
      return sql`lower(coalesce(r.status, '')) = ${value}`;
    case "id":
      return sql`(${somewhere} and lower(r.id) like ${`${escapeLike(value)}%`})`;
    case "name":
      return sql`(${somewhere} and lower(r.name) like ${`%${escapeLike(value)}%`})`;
    case "flavor":
    case "image":
    case "network":
      return sql`(${somewhere} and r.search ~ ${`${MARKS[field]}[^${END}]*${escapeRegex(value)}`})`;
  }
}

/** `%`, `_` and `\` stand for themselves. */
function escapeLike(value: string): string {
  return value.replace(/[\\%_]/g, "\\$&");
}

/** Everything but letters and digits stands for itself, in PostgreSQL's regular expressions too. */
function escapeRegex(value: string): string {
  return value.replace(/[^\p{L}\p{N} ]/gu, "\\$&");
}
