import { SeenBytes } from "../seen-bytes.ts";

/** More of a kind are not shared by many: to look through them would take longer than to read another. */
const MAX_VALUES = 128;

/** What was read of values that many rows of a page have in common, by the bytes that spell them. */
export class SharedValues<Read> {
  readonly #seen = new SeenBytes(MAX_VALUES);
  readonly #read: Read[] = [];

  /** @param page that the values lie in */
  constructor(page: Uint8Array) {
    this.#seen.begin(page);
  }

  find(from: number, to: number): Read | undefined {
    const place = this.#seen.find(from, to);
    return place < 0 ? undefined : this.#read[place];
  }

  /** Remembers it, unless there are many. */
  add(from: number, to: number, read: Read): void {
    this.#seen.add(from, to);
    if (this.#read.length < this.#seen.count) this.#read.push(read);
  }
}
