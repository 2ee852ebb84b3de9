/**
 * Parts of a text that were seen before, compared where they lie. Made once and used again: memory for each would cost
 * more than looking.
 */
export class SeenBytes {
  count = 0;
  /** There were more than are remembered. */
  overflows = false;
  #text: Uint8Array = new Uint8Array();
  readonly #places: Int32Array;

  /** @param most that are remembered */
  constructor(most: number) {
    this.#places = new Int32Array(2 * most);
  }

  /** Forgets all. @param text that the next ones lie in */
  begin(text: Uint8Array): void {
    this.#text = text;
    this.count = 0;
    this.overflows = false;
  }

  /** Begins anew, unless it looks at that text already. */
  goOnWith(text: Uint8Array): void {
    if (this.#text !== text) this.begin(text);
  }

  /** @returns whether it was not there before; now it is */
  isNew(from: number, to: number): boolean {
    if (this.find(from, to) >= 0) return false;
    this.add(from, to);
    return true;
  }

  /** @returns which one it is, counted from 0, or -1 */
  find(from: number, to: number): number {
    const places = this.#places;
    for (let one = 0; one < this.count; one += 1) {
      const begin = places[2 * one] as number;
      if ((places[2 * one + 1] as number) - begin !== to - from) continue;
      if (isSame(this.#text, begin, this.#text, from, to - from)) return one;
    }
    return -1;
  }

  /** One that was not there. */
  add(from: number, to: number): void {
    if (2 * this.count === this.#places.length) {
      this.overflows = true;
      return;
    }
    this.#places[2 * this.count] = from;
    this.#places[2 * this.count + 1] = to;
    this.count += 1;
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
