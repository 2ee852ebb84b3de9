import { MARKS } from "../normalise/search-text.ts";

/**
 * Bits of one filter. With 32 servers in it a quarter of them are set, so that a word of eight letters that nobody has
 * passes one block in a thousand; and two filters fit on a page of PostgreSQL.
 */
const FILTER_BITS = 30_720;
const MULTIPLIER = 0x9e3779b1;
/** Where grams of any value, of a marked one and of a status begin to differ. */
const PLAIN = 0x811c9dc5;
const STATUS = 0x2545f491;
/** More bits of one word tell nothing new. */
const MAX_BITS_A_WORD = 8;
/** Every sign below it marks a value or ends one. */
const FIRST_LETTER = 0x20;

/** What is searched of one row. */
export interface Searched {
  readonly search: string;
  readonly status: string | null;
}

/**
 * A Bloom filter of what rows hold: every run of four signs within a value (a *gram*), and those runs of two and three
 * that tell anything: pairs of hexadecimal digits are in every UUID. Where one gram of a word is not in the filter, no
 * row has the word.
 */
export class GramFilter {
  readonly bytes: Buffer = Buffer.alloc(FILTER_BITS / 8);

  add({ search, status }: Searched): void {
    addGrams(this.bytes, search, 0, search.length, PLAIN, true);
    for (let at = 0; at < search.length; ) {
      const mark = search.charCodeAt(at);
      const end = search.indexOf("\n", at);
      if (mark < FIRST_LETTER) addGrams(this.bytes, search, at + 1, end, PLAIN ^ mark, false);
      at = end + 1;
    }
    if (status !== null) set(this.bytes, bitOfStatus(status.toLowerCase()));
  }
}

/**
 * The inner loop of storing an inventory: no objects, and no calls but those that are inlined.
 *
 * @param choosy leave out short grams of nothing but hexadecimal digits
 */
function addGrams(
  bytes: Uint8Array,
  text: string,
  from: number,
  to: number,
  seed: number,
  choosy: boolean,
): void {
  let second = from < to ? text.charCodeAt(from) : 0;
  let third = from + 1 < to ? text.charCodeAt(from + 1) : 0;
  let fourth = from + 2 < to ? text.charCodeAt(from + 2) : 0;
  for (let at = from; at < to; at += 1) {
    const first = second;
    second = third;
    third = fourth;
    fourth = at + 3 < to ? text.charCodeAt(at + 3) : 0;
    if (first < FIRST_LETTER || second < FIRST_LETTER) continue;
    let state = mix(mix(seed, first), second);
    let dull = choosy && isHexDigit(first) && isHexDigit(second);
    if (!dull) {
      set(bytes, bitOf(state));
      set(bytes, secondBitOf(state));
      set(bytes, thirdBitOf(state));
    }
    if (third < FIRST_LETTER) continue;
    state = mix(state, third);
    dull &&= isHexDigit(third);
    if (!dull) {
      set(bytes, bitOf(state));
      set(bytes, secondBitOf(state));
      set(bytes, thirdBitOf(state));
    }
    if (fourth >= FIRST_LETTER) set(bytes, bitOf(mix(state, fourth)));
  }
}

function set(bytes: Uint8Array, bit: number): void {
  const at = bit >> 3;
  bytes[at] = (bytes[at] as number) | (0x80 >> (bit & 7));
}

/** Bits that are set wherever a row holds the word, within values of this field if one is given; none: cannot tell. */
export function bitsOfWord(word: string, field?: keyof typeof MARKS): number[] {
  const seed = field === undefined ? PLAIN : PLAIN ^ MARKS[field].charCodeAt(0);
  const longest = Math.min(word.length, LONGEST_GRAM);
  const bits = new Set<number>();
  // few are enough of a long word; a short one has no more than its own and its parts
  for (let length = longest; length >= (word.length > LONGEST_GRAM ? longest : 2); length -= 1) {
    for (let at = 0; at + length <= word.length; at += 1) {
      const gram = word.slice(at, at + length);
      const is_short = length < LONGEST_GRAM;
      if (is_short && field === undefined && HEX.test(gram)) continue;
      const state = stateOf(gram, seed);
      bits.add(bitOf(state));
      if (is_short) bits.add(secondBitOf(state)).add(thirdBitOf(state));
    }
  }
  const step = Math.max(1, bits.size / MAX_BITS_A_WORD);
  return [...bits].filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

const LONGEST_GRAM = 4;
const HEX = /^[0-9a-f]*$/;

/** The bit that is set wherever a row has exactly this status, in lower case. */
export function bitOfStatus(status: string): number {
  return bitOf(stateOf(status, STATUS));
}

function stateOf(text: string, seed: number): number {
  let state = seed;
  for (let at = 0; at < text.length; at += 1) state = mix(state, text.charCodeAt(at));
  return state;
}

function mix(state: number, code: number): number {
  const mixed = Math.imul(state ^ code, MULTIPLIER);
  return mixed ^ (mixed >>> 15);
}

/** The upper 16 bits, spread over the filter. */
function bitOf(state: number): number {
  return ((state >>> 16) * FILTER_BITS) >>> 16;
}

/**
 * Short grams are few, and words of three letters have no others: each gets three bits, so that those which common
 * values happen to set everywhere matter less.
 */
function secondBitOf(state: number): number {
  return ((state & 0xffff) * FILTER_BITS) >>> 16;
}

function thirdBitOf(state: number): number {
  return (((state >>> 8) & 0xffff) * FILTER_BITS) >>> 16;
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}
