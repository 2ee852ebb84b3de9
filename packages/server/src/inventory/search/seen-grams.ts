import { SeenBytes } from "../seen-bytes.ts";

/** 2^13 take 32 KB, near the processor. */
const PLAIN_GRAMS_BITS = 13;
/** There are fewer marked values. */
const MARKED_GRAMS_BITS = 9;
const MAX_TAILS = 16;
const NO_TEXT = new Uint8Array();

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

/** What one filter saw lately, of values with each mark and of all. */
export class SeenByFilter {
  /** Ends of search texts: those with all marked values, of which rows of a block have few different ones. */
  readonly #tails = new SeenBytes(MAX_TAILS);
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

  /** @returns whether no text had that end before; now one has */
  isNewTail(text: Uint8Array, from: number, to: number): boolean {
    this.#tails.goOnWith(text);
    return this.#tails.isNew(from, to);
  }

  forget(): void {
    this.#tails.begin(NO_TEXT);
    this.plain.forget();
    for (const grams of this.#marked.values()) grams.forget();
  }
}
