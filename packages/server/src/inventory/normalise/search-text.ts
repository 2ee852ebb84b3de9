/** Fields whose values can be looked for by `field:value` inside the search text, and the mark before each value. */
export const MARKS = { flavor: "\u0001", image: "\u0002", network: "\u0003" } as const;
export type MarkedField = keyof typeof MARKS;

/** Ends a value. No mark or end can come from a site or a user: {@link plain} takes them out. */
export const END = "\n";

type Words = readonly (string | number | null | undefined)[];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u001f\u007f]+/g;
/** Longest value that is worth searching; tags and metadata may be long. */
const MAX_VALUE_CHARS = 256;
/** Longest search text of one resource: it stays in the row. */
const MAX_CHARS = 3000;

/**
 * Trigrams end at everything that is no letter or digit, so `10.0.16.` would be looked up by `10`, `0` and `16` and
 * fit two servers out of three. In the search text these signs are letters, which nobody's names have (the clicks of
 * Khoisan languages), so that trigrams reach over them.
 */
const AS_LETTERS: Readonly<Record<string, string>> = {
  ".": "\u01c0",
  ":": "\u01c1",
  "-": "\u01c2",
  _: "\u01c3",
  "=": "\u0294",
  "/": "\u0298",
};
const SIGNS = /[.:_=/-]/g;

/** A value as it stands in the search text; {@link plain} first. */
export function searchable(value: string): string {
  return value.replace(SIGNS, (sign) => AS_LETTERS[sign] ?? sign);
}

/**
 * One value a line, lower-case, marked values first. Trigrams pass over the marks, so the index serves plain words
 * and marked values alike, and the word `flavor` does not find every server that has one.
 */
export function searchText(marked: Partial<Record<MarkedField, Words>>, words: Words): string {
  const lines = new Set<string>();
  for (const field of Object.keys(MARKS) as MarkedField[]) {
    for (const value of marked[field] ?? []) add(lines, MARKS[field], value);
  }
  for (const word of words) add(lines, "", word);
  return [...lines].join(END).slice(0, MAX_CHARS).toWellFormed() + END;
}

function add(lines: Set<string>, mark: string, value: string | number | null | undefined): void {
  if (value === null || value === undefined || value === "") return;
  lines.add(mark + searchable(plain(String(value))).slice(0, MAX_VALUE_CHARS));
}

/** Lower-case and without control characters: how stored values and asked words meet. */
export function plain(value: string): string {
  return value.replace(CONTROL, " ").toLowerCase();
}
