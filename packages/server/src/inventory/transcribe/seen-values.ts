/** A list that is longer is looked through by other means. */
const MAX_VALUES = 16;

/** Values of a short list, to find those that it has twice. Made once: memory for each list would cost more than it. */
export class SeenValues {
  count = 0;
  #bytes: Uint8Array = new Uint8Array();
  readonly #places = new Int32Array(2 * MAX_VALUES);

  /** @param bytes that the values of the next list lie in */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.count = 0;
  }

  /** Not all of them could be compared. */
  get overflows(): boolean {
    return this.count > MAX_VALUES;
  }

  /** @returns whether it was there already */
  add(from: number, to: number): boolean {
    for (let place = 0; place < 2 * Math.min(this.count, MAX_VALUES); place += 2) {
      const begin = this.#places[place] as number;
      if ((this.#places[place + 1] as number) - begin !== to - from) continue;
      if (isSame(this.#bytes, begin, this.#bytes, from, to - from)) return true;
    }
    this.#places[2 * this.count] = from;
    this.#places[2 * this.count + 1] = to;
    this.count += 1;
    return false;
  }
}

export function isSame(
  one: Uint8Array,
  from: number,
  other: Uint8Array,
  other_from: number,
  length: number,
): boolean {
  for (let at = 0; at < length; at += 1) if (one[from + at] !== other[other_from + at]) return false;
  return true;
}
