import { endOfValue, skipSpace } from "./json-bytes.ts";

/**
 * Rows of an answer as the site spelled them: whoever keeps its JSON need not spell it anew, and whoever knows a row
 * already need not read it.
 */
export interface SentRows {
  /** JSON in UTF-8, with memory of its own: it may be transferred to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each row begins and ends, in pairs. */
  readonly places: Int32Array<ArrayBuffer>;
}

/** What stands in an answer's outermost object. */
export interface SentAnswer {
  readonly rows: SentRows;
  /** The other fields. */
  readonly rest: Record<string, unknown>;
}

const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Rows that a place is kept for at first. */
const USUAL_ROWS = 512;

/**
 * Finds the rows of an answer: the objects of the list named `field`, or the one object that `field` holds. All of it
 * is JSON then.
 *
 * @returns undefined where `field` is missing, or neither a list nor an object
 * @throws SyntaxError that is no JSON object, or one that ends too early
 */
export function findRows(bytes: Uint8Array<ArrayBuffer>, field: string): SentAnswer | undefined {
  const rest: Record<string, unknown> = {};
  let places: Int32Array<ArrayBuffer> | undefined;
  let at = skipSpace(bytes, BYTE_ORDER_MARK.every((byte, place) => bytes[place] === byte) ? 3 : 0);
  if (bytes[at] !== OPENING_BRACE) throw new SyntaxError("The answer is no JSON object.");
  at = skipSpace(bytes, at + 1);
  while (bytes[at] !== CLOSING_BRACE) {
    const name_end = endOfValue(bytes, at);
    const name: unknown = parsePart(bytes, at, name_end);
    at = skipSpace(bytes, name_end);
    if (typeof name !== "string" || bytes[at] !== COLON) throw new SyntaxError("A field has no name.");
    at = skipSpace(bytes, at + 1);
    if (name === field && bytes[at] === OPENING_BRACKET) {
      const list = findObjects(bytes, at);
      places = list.places;
      at = list.end;
    } else {
      const end = endOfValue(bytes, at);
      if (name !== field) rest[name] = parsePart(bytes, at, end);
      else if (bytes[at] === OPENING_BRACE) places = Int32Array.of(at, end);
      at = end;
    }
    at = skipSpace(bytes, at);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== CLOSING_BRACE) throw new SyntaxError("Fields are not separated.");
  }
  return places && { rows: { bytes, places }, rest };
}

/** Spells rows that were put together here, as if a site had sent them. */
export function spellRows(bodies: readonly object[]): SentRows {
  const spelled = bodies.map((body) => Buffer.from(JSON.stringify(body)));
  const places = new Int32Array(2 * spelled.length);
  let at = 0;
  for (const [row, { length }] of spelled.entries()) {
    places[2 * row] = at;
    at += length;
    places[2 * row + 1] = at;
  }
  const bytes = new Uint8Array(at);
  for (const [row, one] of spelled.entries()) bytes.set(one, places[2 * row] ?? 0);
  return { bytes, places };
}

function parsePart(bytes: Uint8Array, from: number, to: number): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8"));
}

/** Of a list that begins there; what else is in it is passed over. */
function findObjects(
  bytes: Uint8Array,
  from: number,
): { readonly places: Int32Array<ArrayBuffer>; readonly end: number } {
  let places = new Int32Array(2 * USUAL_ROWS);
  let found = 0;
  let at = skipSpace(bytes, from + 1);
  while (bytes[at] !== CLOSING_BRACKET) {
    const end = endOfValue(bytes, at);
    if (bytes[at] === OPENING_BRACE) {
      if (found === places.length) {
        const longer = new Int32Array(2 * places.length);
        longer.set(places);
        places = longer;
      }
      places[found] = at;
      places[found + 1] = end;
      found += 2;
    }
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== CLOSING_BRACKET) throw new SyntaxError("Rows are not separated.");
  }
  return { places: places.slice(0, found), end: at + 1 };
}
