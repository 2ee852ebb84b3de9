/**
 * The search language of the lists, as far as the console edits it: words, `field:value` and quotes.
 * The server alone knows what it means.
 */

const TERM = /-?\w+:"[^"]*"?|-?"[^"]*"?|\S+/g;

export function termsOf(search: string): string[] {
  return search.match(TERM) ?? [];
}

/** The value of the first `field:value` of the search; undefined where it has none. */
export function filterValue(search: string, field: string): string | undefined {
  const found = termsOf(search).find((term) => term.startsWith(`${field}:`));
  return found?.slice(field.length + 1).replaceAll('"', "");
}

/** The search with its `field:…` replaced, added or, with null, taken out; all other terms stay as they were. */
export function withFilter(search: string, field: string, value: string | null): string {
  const rest = termsOf(search).filter((term) => !term.startsWith(`${field}:`));
  if (value === null) return rest.join(" ");
  return [...rest, `${field}:${/\s/.test(value) ? `"${value}"` : value}`].join(" ");
}
