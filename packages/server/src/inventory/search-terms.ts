import { Problem } from "@uniview/api";
import { plain } from "./normalise/search-text.ts";

export const SEARCH_FIELDS = [
  "site",
  "status",
  "project",
  "id",
  "name",
  "network",
  "flavor",
  "image",
] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];

/** One term of a search: all terms must hold. */
export interface SearchTerm {
  readonly exclude: boolean;
  /** null: a word that is looked for everywhere. */
  readonly field: SearchField | null;
  /** Lower-case, never empty. */
  readonly value: string;
}

/** More terms than anybody types; each costs a look at every row that the others left. */
const MAX_TERMS = 20;

/** `-` before a term, a field before a colon, and text in quotes or up to the next space. */
const TERM = /(?<minus>-?)(?:(?<field>[A-Za-z][A-Za-z_-]*):)?(?:"(?<quoted>[^"]*)"?|(?<bare>\S+))/y;
/** A MAC or an IPv6 address, or a part of one, which colons do not make a `field:value`. */
const ADDRESS = /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4})+$/i;
/** A field that still waits for its value, as while typing. */
const UNFINISHED = /^-?[A-Za-z][A-Za-z_-]*:$/;

/**
 * Reads the search language of the lists: words that must all occur, `field:value`, `-` to exclude, quotes for
 * text with spaces or colons.
 *
 * @throws Problem `invalid-input` for an unknown field or too many terms
 */
export function parseSearch(q: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(q.charAt(at))) at += 1;
    if (at >= q.length) return terms;
    TERM.lastIndex = at;
    const match = TERM.exec(q);
    if (!match) return terms;
    at = TERM.lastIndex;
    const term = termOf(match);
    if (!term) continue;
    if (terms.length === MAX_TERMS) {
      throw new Problem("invalid-input", `q: at most ${MAX_TERMS} terms.`, { field: "q" });
    }
    terms.push(term);
  }
}

function termOf(match: RegExpExecArray): SearchTerm | undefined {
  const { minus, field, quoted, bare } = match.groups ?? {};
  const exclude = minus === "-";
  if (field === undefined || (bare !== undefined && ADDRESS.test(`${field}:${bare}`))) {
    if (bare !== undefined && UNFINISHED.test(bare)) return undefined;
    return filled({
      exclude,
      field: null,
      value: field === undefined ? (quoted ?? bare ?? "") : `${field}:${bare}`,
    });
  }
  const known = SEARCH_FIELDS.find((one) => one === field.toLowerCase());
  if (!known) {
    throw new Problem(
      "invalid-input",
      `q: there is no field \`${field}\`; the fields are ${SEARCH_FIELDS.join(", ")}.`,
      {
        field: "q",
        remedy: `To look for it as text, put it in quotes: "${field}:${quoted ?? bare}".`,
      },
    );
  }
  return filled({ exclude, field: known, value: quoted ?? bare ?? "" });
}

function filled(term: SearchTerm): SearchTerm | undefined {
  const value = plain(term.value).trim();
  return value === "" ? undefined : { ...term, value };
}
