import { endOfString, endOfValue, skipSpace, wrong } from "./json-bytes.ts";

// for this file alone, as in `json-bytes.ts`
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** Slots of the table of names: so many that no two of them fall together. */
const SLOTS = 256;
const MAX_SALT = 1_000;
const MULTIPLIER = 0x9e3779b1;

/**
 * Finds fields of an object by their names, on the way to where the object ends. Of a name that the object has twice
 * the last one counts; names with escapes are not looked for.
 */
export class JsonFields {
  /** Numbers that {@link find} writes of one object. */
  readonly places: number;
  readonly #names: readonly Buffer[];
  /** By slot the field, and -1 for none. */
  readonly #slots = new Int16Array(SLOTS).fill(-1);
  readonly #salt: number;

  /** @param names of at least one letter, without escapes */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
    this.places = 2 * names.length;
    this.#salt = saltFor(this.#names);
    for (const [field, name] of this.#names.entries()) {
      this.#slots[slotOf(name, 0, name.length, this.#salt)] = field;
    }
  }

  /**
   * Writes by field where its value begins and ends, and nothing where it is absent.
   *
   * @param from where the object begins
   * @param into from `place` on
   * @returns the index behind the object
   * @throws SyntaxError it is no JSON object, or ends too early
   */
  find(bytes: Uint8Array, from: number, into: Int32Array, place: number): number {
    if (bytes[from] !== OPENING_BRACE) throw wrong(bytes, from);
    let at = skipSpace(bytes, from + 1);
    if (bytes[at] === CLOSING_BRACE) return at + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) throw wrong(bytes, at);
      const name_end = endOfString(bytes, at);
      const field = this.#fieldOf(bytes, at + 1, name_end - 1);
      at = skipSpace(bytes, name_end);
      if (bytes[at] !== COLON) throw wrong(bytes, at);
      const value = skipSpace(bytes, at + 1);
      const end = endOfValue(bytes, value, 1);
      if (field >= 0) {
        into[place + 2 * field] = value;
        into[place + 2 * field + 1] = end;
      }
      at = skipSpace(bytes, end);
      if (bytes[at] === CLOSING_BRACE) return at + 1;
      if (bytes[at] !== COMMA) throw wrong(bytes, at);
      at = skipSpace(bytes, at + 1);
    }
  }

  #fieldOf(bytes: Uint8Array, from: number, to: number): number {
    const field = this.#slots[slotOf(bytes, from, to, this.#salt)] as number;
    if (field < 0) return -1; // to look at the place -1 of a list is slow
    const name = this.#names[field] as Buffer;
    if (name.length !== to - from) return -1;
    for (let at = 0; at < name.length; at += 1) if (bytes[from + at] !== name[at]) return -1;
    return field;
  }
}

function saltFor(names: readonly Buffer[]): number {
  for (let salt = 1; salt < MAX_SALT; salt += 2) {
    if (new Set(names.map((name) => slotOf(name, 0, name.length, salt))).size === names.length) return salt;
  }
  throw new RangeError("The names of fields are too much alike.");
}

/** A few signs are enough to tell the fields of one object apart. */
function slotOf(bytes: Uint8Array, from: number, to: number, salt: number): number {
  const first = bytes[from] as number;
  const middle = bytes[(from + to) >> 1] as number;
  const last = bytes[to - 1] as number;
  const mixed = (first << 16) ^ (middle << 8) ^ last ^ ((to - from) << 24);
  return Math.imul(mixed ^ salt, MULTIPLIER + salt) >>> 24;
}
