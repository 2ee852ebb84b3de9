import { ID_BYTES, type PackEntry } from "../pack/pack-entry.ts";

const WORDS_PER_ID = ID_BYTES / 4;
/** Words of an entry beside its id: pack, offset, length, word. */
const PLACE_WORDS = 4;
const FIRST_CAPACITY = 1024;

/**
 * Where chunks are, by id. Open addressing in typed arrays: 48 bytes an entry and 8 a slot, where a Map took 107 to 128;
 * 2 TB of disk are 2 million entries. An entry keeps its number, so bitmaps can be held beside the index.
 */
export class ChunkIndex {
  #ids = new Uint32Array(FIRST_CAPACITY * WORDS_PER_ID);
  #places = new Uint32Array(FIRST_CAPACITY * PLACE_WORDS);
  /** Entry number + 1; 0 is free. Twice as many as entries fit. */
  #slots = new Uint32Array(FIRST_CAPACITY * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of a chunk's entry, or -1. */
  find(id: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let at = id.readUInt32LE(0) & mask; ; at = (at + 1) & mask) {
      const entry = (this.#slots[at] ?? 0) - 1;
      if (entry < 0 || this.#isAt(entry, id)) return entry;
    }
  }

  /** Adds a chunk that is not in here yet; answers its number. @param pack number of its pack */
  add(entry: PackEntry, pack: number): number {
    if (this.#size * PLACE_WORDS === this.#places.length) this.#grow();
    const number = this.#size++;
    for (let word = 0; word < WORDS_PER_ID; word++)
      this.#ids[number * WORDS_PER_ID + word] = entry.id.readUInt32LE(word * 4);
    this.place(number, entry, pack);
    this.#link(number);
    return number;
  }

  /** Says that a chunk is somewhere else. */
  place(number: number, { offset, length, word }: Omit<PackEntry, "id">, pack: number): void {
    this.#places.set([pack, offset, length, word], number * PLACE_WORDS);
  }

  /** The number of the pack that an entry is in. */
  packOf(number: number): number {
    return this.#places[number * PLACE_WORDS] ?? 0;
  }

  lengthOf(number: number): number {
    return this.#places[number * PLACE_WORDS + 2] ?? 0;
  }

  /** The first four bytes of an id, as a number: ids are random, and so is this. */
  beginningOf(number: number): number {
    return this.#ids[number * WORDS_PER_ID] ?? 0;
  }

  at(number: number): PackEntry {
    const id = Buffer.allocUnsafe(ID_BYTES);
    for (let word = 0; word < WORDS_PER_ID; word++)
      id.writeUInt32LE(this.#ids[number * WORDS_PER_ID + word] ?? 0, word * 4);
    const [, offset = 0, length = 0, word = 0] = this.#places.subarray(
      number * PLACE_WORDS,
      (number + 1) * PLACE_WORDS,
    );
    return { id, offset, length, word };
  }

  #isAt(entry: number, id: Buffer): boolean {
    for (let word = 0; word < WORDS_PER_ID; word++)
      if (this.#ids[entry * WORDS_PER_ID + word] !== id.readUInt32LE(word * 4)) return false;
    return true;
  }

  #link(number: number): void {
    const mask = this.#slots.length - 1;
    let at = (this.#ids[number * WORDS_PER_ID] ?? 0) & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = number + 1;
  }

  #grow(): void {
    const wider = (from: Uint32Array<ArrayBuffer>) => {
      const to = new Uint32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#ids = wider(this.#ids);
    this.#places = wider(this.#places);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#size; number++) this.#link(number);
  }
}
