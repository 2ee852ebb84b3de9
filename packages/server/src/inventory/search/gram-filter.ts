import { END, MARKS } from "../normalise/search-text.ts";

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
/** Codes of marks, and before them 0 for what is not marked. */
const MARKED_CODES = [0, ...Object.values(MARKS).map((mark) => mark.charCodeAt(0))];
/** Grams that are remembered, for rows of a block have most of theirs in common: 16 KB, which stay near the processor. */
const SEEN_GRAMS = 4_096;
/** From 32 bits to a place among those. */
const SEEN_SHIFT = 20;

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

  /** @param text a search text in UTF-8, from one index to before the other */
  add(text: Uint8Array, from: number, to: number): void {
    const first_mark = this.#addGrams(text, from, to, 0);
    for (let at = first_mark; at < to; ) {
      const mark = text[at] as number;
      const end = endOf(text, at, to);
      if (mark < FIRST_LETTER) this.#addGrams(text, at + 1, end, mark);
      at = end + 1;
    }
  }

  addStatus(status: string): void {
    setBit(this.bytes, bitOf(hashOfStatus(status)));
  }

  #addGrams(text: Uint8Array, from: number, to: number, mark: number): number {
    const seen = seenBy(this, mark);
    return seen ? addGrams(this.bytes, text, from, to, seen, seedOf(mark), mark === 0 ? 1 : 0) : to;
  }
}

/** One filter is made after the other, so that all can use the same memory. */
const SEEN = MARKED_CODES.map(() => ({
  grams: new Int32Array(SEEN_GRAMS),
  triples: new Int32Array(SEEN_GRAMS),
}));
type Seen = (typeof SEEN)[number];
let seen_by: GramFilter | undefined;

/** What this filter saw lately, of values with this mark or 0 for none. */
function seenBy(filter: GramFilter, mark: number): Seen | undefined {
  if (seen_by !== filter) {
    for (const { grams, triples } of SEEN) {
      grams.fill(0);
      triples.fill(0);
    }
    seen_by = filter;
  }
  return SEEN[mark];
}

function endOf(text: Uint8Array, from: number, to: number): number {
  const end = text.indexOf(END_CODE, from);
  return end === -1 || end > to ? to : end;
}

/**
 * The inner loop of storing an inventory: no objects, and no calls but those that are inlined.
 *
 * @param seen of the same seed
 * @param choosy 1: leave out short grams of nothing but hexadecimal digits
 * @returns where the first marked value begins
 */
function addGrams(
  bits: Uint8Array,
  text: Uint8Array,
  from: number,
  to: number,
  { grams, triples }: Seen,
  seed: number,
  choosy: number,
): number {
  let first_mark = to;
  let gram = 0;
  let length = 0;
  let digits = 0;
  for (let at = from; at < to; at += 1) {
    const code = text[at] as number;
    if (code < FIRST_LETTER) {
      if (code !== END_CODE && first_mark === to) first_mark = at;
      length = 0;
      digits = 0;
      continue;
    }
    gram = (gram << 8) | code;
    length += 1;
    digits = Math.imul(digits + 1, choosy & (IS_HEX_DIGIT[code] as number));
    if (length >= LONGEST_GRAM) {
      const place = Math.imul(gram, MULTIPLIER) >>> SEEN_SHIFT;
      // whoever set its bit set those of its last two and three signs, too
      if (grams[place] === gram) continue;
      grams[place] = gram;
      setBit(bits, bitOf(hash(gram, seed)));
    } else if (length < 2) continue;
    if (digits >= 3) continue;
    if (length >= 3) {
      const triple = gram & 0xffffff;
      const place = Math.imul(triple, MULTIPLIER) >>> SEEN_SHIFT;
      if (triples[place] === triple) continue;
      triples[place] = triple;
    }
    if (digits < 2) {
      const pair = hash(gram & 0xffff, seed ^ PAIR);
      setBit(bits, bitOf(pair));
      setBit(bits, secondBitOf(pair));
    }
    if (length >= 3) {
      const triple = hash(gram & 0xffffff, seed ^ TRIPLE);
      setBit(bits, bitOf(triple));
      setBit(bits, secondBitOf(triple));
      setBit(bits, thirdBitOf(triple));
    }
  }
  return first_mark;
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
