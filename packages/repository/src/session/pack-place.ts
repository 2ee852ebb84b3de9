import { randomBytes } from "node:crypto";
import { ENTRY_BYTES } from "../pack/pack-entry.ts";
import { packName } from "../pack/pack-format.ts";
import { TAG_BYTES } from "../seal/aead.ts";
import { SLOTS_PER_LANE } from "../thread/lane-core.ts";
import type { Vault } from "../vault.ts";

/** Header, footer, and the trailer's tag. */
const FRAME_BYTES = 64;
/** One pack is filled while the one before it is put. */
const MAX_PLACES = 2;

/** Where a pack is made. Exactly one of `put` and `drop` is called, when the lane does not write any more. */
export interface PackPlace {
  readonly id: string;
  readonly into: SharedArrayBuffer | { readonly fd: number };
  /** Puts what was made: then it is in the storage. */
  put(length_bytes: number): Promise<void>;
  drop(): Promise<void>;
}

/** Places for the packs of one lane, one after the other: files where the storage has some, else memory. */
export class PackPlaces {
  readonly #vault: Vault;
  /** Made when they are needed: a write of little has one. */
  readonly #buffers: SharedArrayBuffer[] = [];
  /** When the latest places are done with. */
  readonly #free: Promise<void>[] = [];
  #count = 0;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** The next place, when the one before the last is done with. @throws why that one's put failed */
  async next(): Promise<PackPlace> {
    const turn = this.#count++ % MAX_PLACES;
    const before = this.#free[turn];
    const done = Promise.withResolvers<void>();
    done.promise.catch(() => {}); // seen by the place after the next one, and by whoever put
    this.#free[turn] = done.promise;
    try {
      await before;
      const { id, into, put, drop } = await this.#open(turn);
      return {
        id,
        into,
        put: (length) => put(length).then(done.resolve, (error) => rejectAll(done, error)),
        drop: () => drop().finally(done.resolve),
      };
    } catch (error) {
      return rejectAll(done, error);
    }
  }

  async #open(turn: number): Promise<PackPlace> {
    const { storage } = this.#vault;
    const id = randomBytes(32).toString("hex");
    const name = packName(id);
    const file = await storage.beginFile?.(name);
    if (file) return { id, into: { fd: file.fd }, put: () => file.finish(), drop: () => file.drop() };
    const buffer = this.#buffers[turn] ?? new SharedArrayBuffer(this.#capacity);
    this.#buffers[turn] = buffer;
    return {
      id,
      into: buffer,
      put: (length) => storage.put(name, Buffer.from(buffer, 0, length)),
      async drop() {},
    };
  }

  get #capacity(): number {
    const { pack_bytes, chunk_bytes } = this.#vault;
    return pack_bytes + (SLOTS_PER_LANE + 1) * (chunk_bytes + TAG_BYTES + ENTRY_BYTES) + FRAME_BYTES;
  }
}

function rejectAll(done: PromiseWithResolvers<void>, error: unknown): never {
  done.reject(error);
  throw error;
}
