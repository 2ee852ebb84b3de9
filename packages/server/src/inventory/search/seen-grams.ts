import { isSame } from "../transcribe/seen-values.ts";

/** 2^13 take 32 KB, near the processor. */
const PLAIN_GRAMS_BITS = 13;
/** There are fewer marked values. */
const MARKED_GRAMS_BITS = 9;
/** Tails that are remembered. */
const MAX_TAILS = 16;

/** Grams that were seen lately: rows of a block have most of theirs in common. */
export class SeenGrams {
  readonly grams: Int32Array;
  readonly triples: Int32Array;
  /** From 32 bits to a place among the grams. */
  readonly shift: number;

  constructor(bits: number, triples: number) {
    this.grams = new Int32Array(2 ** bits);
    this.triples = new Int32Array(triples);
    this.shift = 32 - bits;
  }

  forget(): void {
    this.grams.fill(0);
    this.triples.fill(0);
  }
}

/**
 * Ends of search texts that were seen lately: those with all marked values, of which rows of a block have few
 * different ones. They are compared where they lie, all in one memory.
 */
export class SeenTails {
  #count = 0;
  #text: Uint8Array = new Uint8Array();
  readonly #places = new Int32Array(2 * MAX_TAILS);

  forget(): void {
    this.#count = 0;
  }

  /** @returns whether it was there already; now it is */
  add(text: Uint8Array, from: number, to: number): boolean {
    if (this.#text !== text) {
      this.#text = text;
      this.#count = 0;
    }
    for (let place = 0; place < 2 * this.#count; place += 2) {
      const begin = this.#places[place] as number;
      if ((this.#places[place + 1] as number) - begin !== to - from) continue;
      if (isSame(text, begin, text, from, to - from)) return true;
    }
    if (this.#count < MAX_TAILS) {
      this.#places[2 * this.#count] = from;
      this.#places[2 * this.#count + 1] = to;
      this.#count += 1;
    }
    return false;
  }
}

/** What one filter saw lately, of values with each mark and of all. */
export class SeenByFilter {
  readonly tails = new SeenTails();
  readonly plain: SeenGrams;
  /** By the mark's code. */
  readonly #marked: ReadonlyMap<number, SeenGrams>;

  /** @param triples that are remembered of each */
  constructor(marks: readonly number[], triples: number) {
    this.plain = new SeenGrams(PLAIN_GRAMS_BITS, triples);
    this.#marked = new Map(marks.map((mark) => [mark, new SeenGrams(MARKED_GRAMS_BITS, triples)]));
  }

  marked(mark: number): SeenGrams | undefined {
    return this.#marked.get(mark);
  }

  forget(): void {
    this.tails.forget();
    this.plain.forget();
    for (const grams of this.#marked.values()) grams.forget();
  }
}
