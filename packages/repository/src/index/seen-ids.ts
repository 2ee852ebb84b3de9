import type { ChunkIndex } from "./chunk-index.ts";

/** So many chunks more than the repository has: those of a disk of 2 TB meet another's bit one time in nine at its end. */
const MIN_BITS = 2 ** 24;
/** Of each chunk that the repository has: one new chunk in sixteen is asked for in vain. */
const BITS_PER_CHUNK = 16;

/**
 * Which chunks may be in a repository, in memory that all threads see: a thread that meets one whose bit nobody has set stores
 * it without asking anybody. Whether one whose bit is set is there, the index says.
 */
export class SeenIds {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #mask: number;

  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#words = new Int32Array(shared);
    this.#mask = shared.byteLength * 8 - 1;
  }

  static of(chunks: ChunkIndex): SeenIds {
    const bits = 2 ** Math.ceil(Math.log2(Math.max(MIN_BITS, chunks.size * BITS_PER_CHUNK)));
    const seen = new SeenIds(new SharedArrayBuffer(bits / 8));
    for (let number = 0; number < chunks.size; number++) seen.#mark(chunks.beginningOf(number));
    return seen;
  }

  /** Answers whether this is the first time that anybody marks it: then it is in no index, and nobody else is about to store it. */
  mark(id: Buffer): boolean {
    return this.#mark(id.readUInt32LE(0));
  }

  #mark(beginning: number): boolean {
    const at = (beginning & this.#mask) >>> 0;
    const bit = 1 << (at & 31);
    return (Atomics.or(this.#words, at >>> 5, bit) & bit) === 0;
  }
}
