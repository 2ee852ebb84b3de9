import { endOfValue, skipSpace } from "@uniview/openstack/service/json-bytes";

export const QUOTE = 0x22;
const COMMA = 0x2c;
/** Slots of the table of names: so many that no two of them fall together. */
const SLOTS = 256;
const MAX_SALT = 1_000;
const MULTIPLIER = 0x9e3779b1;

/** Finds fields of an object by their names, without reading the others. The object is JSON, and escapes nothing. */
export class JsonFields {
  /** By field where its value begins and ends, both 0 where it is absent. The next call writes over it. */
  readonly places: Int32Array;
  readonly #names: readonly Buffer[];
  /** By slot the field, and -1 for none. */
  readonly #slots = new Int16Array(SLOTS).fill(-1);
  readonly #salt: number;

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
    this.places = new Int32Array(2 * names.length);
    this.#salt = saltFor(this.#names);
    for (const [field, name] of this.#names.entries()) {
      this.#slots[slotOf(name, 0, name.length, this.#salt)] = field;
    }
  }

  /**
   * @param from where the object begins
   * @returns where it ends
   */
  find(bytes: Uint8Array, from: number): number {
    const { places } = this;
    places.fill(0);
    let at = firstIn(bytes, from);
    while (bytes[at] === QUOTE) {
      const name_end = endOfText(bytes, at);
      const value = valueAfter(bytes, name_end);
      const end = endOfValue(bytes, value);
      const field = this.#fieldOf(bytes, at + 1, name_end);
      if (field >= 0) {
        places[2 * field] = value;
        places[2 * field + 1] = end;
      }
      at = nextIn(bytes, end);
    }
    return at + 1;
  }

  begin(field: number): number {
    return this.places[2 * field] as number;
  }

  end(field: number): number {
    return this.places[2 * field + 1] as number;
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

/** @returns the first member of a list or an object that begins there, or its end */
export function firstIn(bytes: Uint8Array, from: number): number {
  return skipSpace(bytes, from + 1);
}

/** @returns the member behind the one that ends there, or the end of both */
export function nextIn(bytes: Uint8Array, end: number): number {
  const at = skipSpace(bytes, end);
  return bytes[at] === COMMA ? skipSpace(bytes, at + 1) : at;
}

/** @returns the value that belongs to the name whose closing quote is there */
export function valueAfter(bytes: Uint8Array, name_end: number): number {
  return skipSpace(bytes, skipSpace(bytes, name_end + 1) + 1);
}

/** @returns the closing quote of a text that begins there and escapes nothing */
export function endOfText(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += 1;
  return at;
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
