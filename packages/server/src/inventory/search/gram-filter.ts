import { END, MARKS } from "../normalise/search-text.ts";
import { SeenByFilter, type SeenGrams } from "./seen-grams.ts";

/**
 * Bits of one filter. With 32 servers in it a quarter of them are set, so that a word of eight letters that nobody has
 * passes one block in a thousand; and two filters fit on a page of PostgreSQL.
 */
const FILTER_BITS = 30_720;
/** Odd, and as good as random: what multiplicative hashing asks of a multiplier. */
const MULTIPLIER = 0x9e3779b1;
const OTHER_MULTIPLIER = 0x85ebca6b;
/** Where grams of two, three and four signs, those of marked values, and statuses begin to differ. */
const PAIR = 0x2545f491;
const TRIPLE = 0x811c9dc5;
const PLAIN = 0;
const STATUS = 0x5bd1e995;
/** Marks are numbered from 1. */
const MARK_STEP = 0x3c6ef372;
/** More bits of one word tell nothing new. */
const MAX_BITS_A_WORD = 8;
/** Every sign below it marks a value or ends one. */
const FIRST_LETTER = 0x20;
const END_CODE = END.charCodeAt(0);
const LONGEST_GRAM = 4;
/** Triples that are remembered: there are fewer of them than of grams. */
const TRIPLES = 2 ** 10;
const TRIPLES_SHIFT = 22;

/** By byte: 1 for hexadecimal digits. */
const IS_HEX_DIGIT = Uint8Array.from({ length: 256 }, (_, code) =>
  /[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * A Bloom filter of what rows hold: every run of four bytes of UTF-8 within a value (a *gram*), and those runs of two
 * and three that tell anything: pairs of hexadecimal digits are in every UUID. Where one gram of a word is not in the
 * filter, no row has the word.
 */
export class GramFilter {
  readonly bytes: Buffer = Buffer.alloc(FILTER_BITS / 8);

  /** @param text a search text in UTF-8, from one index to before the other: those with marks come last in it */
  add(text: Uint8Array, from: number, to: number): void {
    if (seen_by !== this) {
      seen.forget();
      seen_by = this;
    }
    const tail = addGrams(this.bytes, text, from, to, seen.plain, PLAIN, 1);
    if (tail < to && seen.isNewTail(text, tail, to)) this.#addTail(text, tail, to);
  }

  #addTail(text: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const end = endOf(text, at, to);
      const mark = text[at] as number;
      const begin = mark < FIRST_LETTER ? at + 1 : at;
      const marked = seen.marked(mark);
      addGrams(this.bytes, text, begin, end, seen.plain, PLAIN, 1);
      if (marked) addGrams(this.bytes, text, begin, end, marked, seedOf(mark), 0);
      at = end + 1;
    }
  }

  /** As if it were another one, which has no rows yet. */
  clear(): void {
    this.bytes.fill(0);
    if (seen_by === this) seen_by = undefined;
  }

  addStatus(status: string): void {
    setBit(this.bytes, bitOf(hashOfStatus(status)));
  }
}

/** One filter is made after the other, so that all can use the same memory. */
const seen = new SeenByFilter(
  Object.values(MARKS).map((mark) => mark.charCodeAt(0)),
  TRIPLES,
);
let seen_by: GramFilter | undefined;

function endOf(text: Uint8Array, from: number, to: number): number {
  const end = text.indexOf(END_CODE, from);
  return end === -1 || end > to ? to : end;
}

/**
 * The inner loop of storing an inventory: no objects, and no calls but those that are inlined.
 *
 * @param seen of the same seed
 * @param choosy 1: leave out short grams of nothing but hexadecimal digits
 * @returns where the first marked value begins, or the end
 */
function addGrams(
  bits: Uint8Array,
  text: Uint8Array,
  from: number,
  to: number,
  { grams, triples, shift }: SeenGrams,
  seed: number,
  choosy: number,
): number {
  for (let at = from; at < to; at += 1) {
    const fourth = at + LONGEST_GRAM - 1;
    let code = text[at] as number;
    let gram = 0;
    while (code >= FIRST_LETTER && at < fourth) {
      gram = (gram << 8) | code;
      at += 1;
      code = at < to ? (text[at] as number) : END_CODE;
    }
    if (code < FIRST_LETTER) addShort(bits, gram, triples, seed, choosy);
    while (code >= FIRST_LETTER) {
      gram = (gram << 8) | code;
      const place = Math.imul(gram, MULTIPLIER) >>> shift;
      // whoever set its bit set those of all of its parts, too
      if (grams[place] !== gram) {
        grams[place] = gram;
        setBit(bits, bitOf(hash(gram, seed)));
        if (at === fourth) addShort(bits, gram >>> 8, triples, seed, choosy);
        addTriple(bits, gram & 0xffffff, triples, seed, choosy);
      }
      at += 1;
      code = at < to ? (text[at] as number) : END_CODE;
    }
    if (code !== END_CODE) return at;
  }
  return to;
}

/** Of a value's first three signs, or of all if it has no more. */
function addShort(bits: Uint8Array, gram: number, triples: Int32Array, seed: number, choosy: number): void {
  if (gram > 0xffff) {
    addPair(bits, gram >>> 8, seed, choosy);
    addTriple(bits, gram, triples, seed, choosy);
  } else if (gram > 0xff) addPair(bits, gram, seed, choosy);
}

/** And the pair that it ends with. */
function addTriple(
  bits: Uint8Array,
  triple: number,
  triples: Int32Array,
  seed: number,
  choosy: number,
): void {
  const are_digits = choosy & isHexDigit(triple >>> 16) & isHexDigit(triple >>> 8) & isHexDigit(triple);
  if (are_digits === 1) return;
  const place = Math.imul(triple, MULTIPLIER) >>> TRIPLES_SHIFT;
  if (triples[place] === triple) return;
  triples[place] = triple;
  const hashed = hash(triple, seed ^ TRIPLE);
  setBit(bits, bitOf(hashed));
  setBit(bits, secondBitOf(hashed));
  setBit(bits, thirdBitOf(hashed));
  addPair(bits, triple & 0xffff, seed, choosy);
}

function addPair(bits: Uint8Array, pair: number, seed: number, choosy: number): void {
  if ((choosy & isHexDigit(pair >>> 8) & isHexDigit(pair)) === 1) return;
  const hashed = hash(pair, seed ^ PAIR);
  setBit(bits, bitOf(hashed));
  setBit(bits, secondBitOf(hashed));
}

/** 1 where the last eight bits are one, 0 otherwise. */
function isHexDigit(code: number): number {
  return IS_HEX_DIGIT[code & 0xff] as number;
}

function setBit(bits: Uint8Array, bit: number): void {
  const at = bit >> 3;
  bits[at] = (bits[at] as number) | (0x80 >> (bit & 7));
}

/** Bits that are set wherever a row holds the word, within values of this field if one is given; none: cannot tell. */
export function bitsOfWord(word: string, field?: keyof typeof MARKS): number[] {
  const seed = field === undefined ? PLAIN : seedOf(MARKS[field].charCodeAt(0));
  const text = Buffer.from(word);
  const longest = Math.min(text.length, LONGEST_GRAM);
  const bits = new Set<number>();
  // few are enough of a long word; a short one has no more than its own and its parts
  for (let length = longest; length >= (text.length > LONGEST_GRAM ? longest : 2); length -= 1) {
    for (let at = 0; at + length <= text.length; at += 1) {
      const gram = text.subarray(at, at + length);
      const is_short = length < LONGEST_GRAM;
      if (is_short && field === undefined && gram.every((code) => IS_HEX_DIGIT[code] === 1)) continue;
      const hashed = hash(
        gram.reduce((sum, code) => (sum << 8) | code, 0),
        length === 2 ? seed ^ PAIR : length === 3 ? seed ^ TRIPLE : seed,
      );
      bits.add(bitOf(hashed));
      if (is_short) bits.add(secondBitOf(hashed));
      if (length === 3) bits.add(thirdBitOf(hashed));
    }
  }
  const step = Math.max(1, bits.size / MAX_BITS_A_WORD);
  return [...bits].filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

/** The bit that is set wherever a row has exactly this status, in lower case. */
export function bitOfStatus(status: string): number {
  return bitOf(hashOfStatus(status));
}

function hashOfStatus(status: string): number {
  return Buffer.from(status).reduce((state, code) => hash(state, code), STATUS);
}

function seedOf(mark: number): number {
  return Math.imul(mark, MARK_STEP);
}

function hash(gram: number, seed: number): number {
  const mixed = Math.imul(gram ^ seed, MULTIPLIER);
  const remixed = Math.imul(mixed ^ (mixed >>> 15), OTHER_MULTIPLIER);
  return remixed ^ (remixed >>> 13);
}

/** The upper 16 bits, spread over the filter. */
function bitOf(hashed: number): number {
  return ((hashed >>> 16) * FILTER_BITS) >>> 16;
}

/**
 * Short grams are few, and words of three letters have no others: those get several bits, so that what common values
 * happen to set everywhere matters less.
 */
function secondBitOf(hashed: number): number {
  return ((hashed & 0xffff) * FILTER_BITS) >>> 16;
}

function thirdBitOf(hashed: number): number {
  return (((hashed >>> 8) & 0xffff) * FILTER_BITS) >>> 16;
}
