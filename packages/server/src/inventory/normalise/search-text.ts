/** Fields whose values can be looked for by `field:value` inside the search text, and the mark before each value. */
export const MARKS = { flavor: "\u0001", image: "\u0002", network: "\u0003" } as const;
export type MarkedField = keyof typeof MARKS;
const FIELDS = Object.keys(MARKS) as MarkedField[];

/** Ends a value. No mark or end can come from a site or a user: {@link plain} takes them out. */
export const END = "\n";

type Words = readonly (string | null | undefined)[];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const HAS_CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u001f\u007f]+/g;
/** Longest value that is worth searching; tags and metadata may be long. */
export const MAX_VALUE_CHARS = 256;
/** Longest search text of one resource: it stays in the row, which may have 8 KB. */
export const MAX_CHARS = 2000;

/**
 * One value a line, lower-case, those first that people look for most. Values that are marked are found by plain
 * words, too, and the word `flavor` does not find every server that has one.
 */
export function searchText(marked: Partial<Record<MarkedField, Words>>, words: Words): string {
  const lines: string[] = [];
  addLines(lines, "", words);
  for (const field of FIELDS) {
    const values = marked[field];
    if (values) addLines(lines, MARKS[field], values);
  }
  // all in one go: lower-casing costs by the call
  const text = lines.join(END).toLowerCase();
  return (text.length > MAX_CHARS ? text.slice(0, MAX_CHARS).toWellFormed() : text) + END;
}

function addLines(lines: string[], mark: string, words: Words): void {
  for (const word of words) {
    if (word === null || word === undefined || word === "") continue;
    const value = HAS_CONTROL.test(word) ? word.replace(CONTROL, " ") : word;
    const short = value.length > MAX_VALUE_CHARS ? value.slice(0, MAX_VALUE_CHARS).toWellFormed() : value;
    lines.push(mark === "" ? short : mark + short);
  }
}

/** Lower-case and without control characters: how stored values and asked words meet. */
export function plain(value: string): string {
  const lower = value.toLowerCase();
  return HAS_CONTROL.test(lower) ? lower.replace(CONTROL, " ") : lower;
}
