import { endOfString, skipSpace } from "@uniview/openstack/service/json-bytes";
import type { JsonFields } from "@uniview/openstack/service/json-fields";

export const QUOTE = 0x22;
const COMMA = 0x2c;

/** Where the fields of one object lie. */
export class FoundFields {
  readonly #fields: JsonFields;
  #places: Int32Array;
  #at = 0;

  constructor(fields: JsonFields) {
    this.#fields = fields;
    this.#places = new Int32Array(fields.places);
  }

  /** Looks at an object; what it looked at before is forgotten. @returns the index behind it */
  find(bytes: Uint8Array, from: number): number {
    this.#places.fill(0);
    return this.#fields.find(bytes, from, this.#places, 0);
  }

  /** Looks at one of many, found on the way before. */
  choose(found: Int32Array, row: number): void {
    this.#places = found;
    this.#at = row * this.#fields.places;
  }

  /** 0: there is no such field. */
  begin(field: number): number {
    return this.#places[this.#at + 2 * field] as number;
  }

  end(field: number): number {
    return this.#places[this.#at + 2 * field + 1] as number;
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

/** @returns the closing quote of a text that begins there */
export function endOfText(bytes: Uint8Array, from: number): number {
  return endOfString(bytes, from) - 1;
}
