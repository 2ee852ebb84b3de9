import { endOfValue, skipSpace } from "./json-bytes.ts";
import type { JsonFields } from "./json-fields.ts";

/**
 * Rows of an answer as the site spelled them: whoever keeps its JSON need not spell it anew, and whoever knows a row
 * already need not read it.
 */
export interface SentRows {
  /** JSON in UTF-8, with memory of its own: it may be transferred to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each row begins and ends, in pairs. */
  readonly places: Int32Array<ArrayBuffer>;
  /** What {@link JsonFields} writes of each row, one after the other, if it was asked for. */
  readonly fields?: Int32Array<ArrayBuffer> | undefined;
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
/** Places are kept at first for as many rows as fit in if each is so short, */
const SHORT_ROW_BYTES = 512;
/** and for no more than a page has. */
const USUAL_ROWS = 512;
const PLACES_A_ROW = 2;

/**
 * Finds the rows of an answer: the objects of the list named `field`, or the one object that `field` holds. All of it
 * is JSON then.
 *
 * @param wanted what to find in each row on the way
 * @returns undefined where `field` is missing, or neither a list nor an object
 * @throws SyntaxError that is no JSON object, or one that ends too early
 */
export function findRows(
  bytes: Uint8Array<ArrayBuffer>,
  field: string,
  wanted?: JsonFields,
): SentAnswer | undefined {
  const rest: Record<string, unknown> = {};
  let rows: FoundRows | undefined;
  let at = skipSpace(bytes, BYTE_ORDER_MARK.every((byte, place) => bytes[place] === byte) ? 3 : 0);
  if (bytes[at] !== OPENING_BRACE) throw new SyntaxError("The answer is no JSON object.");
  at = skipSpace(bytes, at + 1);
  while (bytes[at] !== CLOSING_BRACE) {
    const name_end = endOfValue(bytes, at);
    const name: unknown = parsePart(bytes, at, name_end);
    at = skipSpace(bytes, name_end);
    if (typeof name !== "string" || bytes[at] !== COLON) throw new SyntaxError("A field has no name.");
    at = skipSpace(bytes, at + 1);
    if (name === field && (bytes[at] === OPENING_BRACKET || bytes[at] === OPENING_BRACE)) {
      rows = new FoundRows(wanted, Math.min(USUAL_ROWS, 1 + Math.floor(bytes.length / SHORT_ROW_BYTES)));
      at = bytes[at] === OPENING_BRACE ? rows.add(bytes, at) : findObjects(bytes, at, rows);
    } else {
      const end = endOfValue(bytes, at);
      if (name !== field) rest[name] = parsePart(bytes, at, end);
      at = end;
    }
    at = skipSpace(bytes, at);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== CLOSING_BRACE) throw new SyntaxError("Fields are not separated.");
  }
  return rows && { rows: { bytes, places: rows.places, fields: wanted && rows.fields }, rest };
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

/** Of a list that begins there; what else is in it is passed over. @returns the index behind the list */
function findObjects(bytes: Uint8Array, from: number, rows: FoundRows): number {
  let at = skipSpace(bytes, from + 1);
  while (bytes[at] !== CLOSING_BRACKET) {
    const end = bytes[at] === OPENING_BRACE ? rows.add(bytes, at) : endOfValue(bytes, at);
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== CLOSING_BRACKET) throw new SyntaxError("Rows are not separated.");
  }
  return at + 1;
}

/** Where rows lie, and what is wanted of them. */
class FoundRows {
  readonly #wanted: JsonFields | undefined;
  #places: Int32Array<ArrayBuffer>;
  #fields: Int32Array<ArrayBuffer>;
  #count = 0;

  constructor(wanted: JsonFields | undefined, expected_rows: number) {
    this.#wanted = wanted;
    this.#places = new Int32Array(PLACES_A_ROW * expected_rows);
    this.#fields = new Int32Array((wanted?.places ?? 0) * expected_rows);
  }

  get places(): Int32Array<ArrayBuffer> {
    return this.#places.slice(0, PLACES_A_ROW * this.#count);
  }

  get fields(): Int32Array<ArrayBuffer> {
    return this.#fields.slice(0, (this.#wanted?.places ?? 0) * this.#count);
  }

  /** @returns the index behind the row */
  add(bytes: Uint8Array, from: number): number {
    const wanted = this.#wanted;
    const place = PLACES_A_ROW * this.#count;
    if (place === this.#places.length) {
      this.#places = twiceAsLong(this.#places);
      this.#fields = twiceAsLong(this.#fields);
    }
    const end = wanted
      ? wanted.find(bytes, from, this.#fields, wanted.places * this.#count)
      : endOfValue(bytes, from);
    this.#places[place] = from;
    this.#places[place + 1] = end;
    this.#count += 1;
    return end;
  }
}

function twiceAsLong(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * numbers.length);
  longer.set(numbers);
  return longer;
}
