import { stripVTControlCharacters } from "node:util";

/** Unicode's East Asian Wide blocks and emoji: two columns each in every terminal that we know of. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|[\u{20000}-\u{3FFFD}]/u;
const NARROW_ONLY = /^[\x20-\x7E]*$/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns that a text takes in a terminal; escape sequences take none. */
export function widthOf(text: string): number {
  if (NARROW_ONLY.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) width += columnsOf(segment);
  return width;
}

/** Cuts an unpainted text to a width, with `…` where something is missing. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const { segment } of segmenter.segment(text)) {
    used += columnsOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Names come from sites: an escape sequence in one must not reach the terminal. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, (char) =>
    char === "\n" || char === "\t" ? " " : "\uFFFD",
  );
}

function columnsOf(segment: string): number {
  return WIDE.test(segment) ? 2 : 1;
}
