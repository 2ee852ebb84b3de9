import { isSame } from "./seen-values.ts";

/** More of a kind are not shared by many: to look through them would take longer than to read another. */
const MAX_VALUES = 128;

/** What was read of values that many rows of a page have in common, by the bytes that spell them. */
export class SharedValues<Read> {
  readonly #page: Uint8Array;
  readonly #places = new Int32Array(2 * MAX_VALUES);
  readonly #read: Read[] = [];

  /** @param page that the values lie in */
  constructor(page: Uint8Array) {
    this.#page = page;
  }

  find(from: number, to: number): Read | undefined {
    const places = this.#places;
    for (let value = 0; value < this.#read.length; value += 1) {
      const begin = places[2 * value] as number;
      if ((places[2 * value + 1] as number) - begin !== to - from) continue;
      if (isSame(this.#page, begin, this.#page, from, to - from)) return this.#read[value];
    }
    return undefined;
  }

  /** Remembers it, unless there are many. */
  add(from: number, to: number, read: Read): void {
    if (this.#read.length === MAX_VALUES) return;
    this.#places[2 * this.#read.length] = from;
    this.#places[2 * this.#read.length + 1] = to;
    this.#read.push(read);
  }
}
