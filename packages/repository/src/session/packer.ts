import type { ChunkKind } from "../chunk/chunk-word.ts";
import { type Catalogue, isUsable } from "../index/catalogue.ts";
import { ChunkIndex } from "../index/chunk-index.ts";
import { type IndexedPack, putIndex } from "../index/index-object.ts";
import { SeenIds } from "../index/seen-ids.ts";
import type { FilePlace } from "../thread/file-place.ts";
import type { Lane } from "../thread/lane.ts";
import { asBuffer } from "../thread/lane-core.ts";
import { Lanes, type Slot } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";
import { PackingLane } from "./packing-lane.ts";

/** Packs that are put before an index tells of them: what a crash loses of a long write is no more than these. */
const PACKS_PER_INDEX = 64;
const NOWHERE = { offset: 0, length: 0, word: 0 };

/** What a write did. */
export interface StoredFigures {
  /** Chunks that were not in the repository. */
  stored_chunks: number;
  /** Their bytes, before compression. */
  stored_bytes: number;
  /** Bytes that were put in packs. */
  packed_bytes: number;
}

/** Adds chunks to a vault that it does not hold yet. */
export class Packer {
  readonly figures: StoredFigures = { stored_chunks: 0, stored_bytes: 0, packed_bytes: 0 };
  readonly #vault: Vault;
  readonly #catalogue: Catalogue;
  readonly #lanes: Lanes;
  readonly #packing = new Map<Lane, PackingLane>();
  /** Chunks that this session stored, or is about to. */
  readonly #own = new ChunkIndex();
  /** Lanes that are asked what is in a slot. */
  readonly #adding = new Set<Promise<unknown>>();
  #unindexed: IndexedPack[] = [];

  /** @param lanes closed with the packer */
  constructor(vault: Vault, session: string, catalogue: Catalogue, lanes = new Lanes(vault, vault.threads)) {
    this.#vault = vault;
    this.#catalogue = catalogue;
    this.#lanes = lanes;
    const { shared: seen } = SeenIds.of(catalogue.chunks);
    for (const lane of this.#lanes.lanes) {
      lane.ask({ op: "know", seen }).catch(() => {}); // of a lane that is gone: whoever adds sees it
      this.#packing.set(
        lane,
        new PackingLane(vault, session, lane, (pack, length) => this.#onPut(pack, length)),
      );
    }
  }

  /** A buffer for one chunk; waits for one. Hand it to `add`, or to `giveBack`. */
  take(): Promise<Slot> {
    return this.#lanes.take();
  }

  giveBack(slot: Slot): void {
    this.#lanes.giveBack(slot);
  }

  /** Whether a chunk need not be added. */
  has(id: Buffer): boolean {
    return this.#own.find(id) >= 0 || isUsable(this.#catalogue, id);
  }

  /**
   * Adds the first bytes of a slot, unless they are there. Answers their id; null for zeros. The slot is given back.
   * @param from where they are read from; without it they are in the slot
   */
  async add(slot: Slot, length: number, kind: ChunkKind, from?: FilePlace): Promise<Buffer | null> {
    try {
      const packing = this.#packing.get(slot.lane);
      if (!packing) throw new Error("the slot is that of another packer");
      const identify = (keep: boolean) => this.#asked(packing.add(slot, length, kind, from, keep));
      let added = await identify(false);
      if (added && !added.is_new) {
        // A lane that was asked meanwhile may have stored it, and not said so yet.
        if (!this.has(asBuffer(added.id))) await Promise.allSettled([...this.#adding]);
        // Else a bit that both have was set by another chunk, and this one must be stored from its slot.
        if (from && !this.has(asBuffer(added.id))) added = await identify(true);
      }
      if (added === null) return null;
      const id = Buffer.from(asBuffer(added.id));
      if (!added.is_new && this.has(id)) return id;
      this.#own.add({ id, ...NOWHERE }, 0);
      if (added.pack_bytes === 0) await packing.store(slot, length, id, kind);
      this.figures.stored_chunks++;
      this.figures.stored_bytes += length;
      return id;
    } finally {
      this.#lanes.giveBack(slot);
    }
  }

  async #asked<T>(adding: Promise<T>): Promise<T> {
    this.#adding.add(adding);
    try {
      return await adding;
    } finally {
      this.#adding.delete(adding);
    }
  }

  /** Everything that was added is in the storage, and an index tells of it. */
  async flush(): Promise<void> {
    await Promise.all([...this.#packing.values()].map((packing) => packing.flush()));
    await this.#putIndex();
  }

  async close(): Promise<void> {
    await this.#lanes.close();
    await Promise.all([...this.#packing.values()].map((packing) => packing.close()));
  }

  async #onPut(pack: IndexedPack, length_bytes: number): Promise<void> {
    this.figures.packed_bytes += length_bytes;
    this.#unindexed.push(pack);
    if (this.#unindexed.length >= PACKS_PER_INDEX) await this.#putIndex();
  }

  async #putIndex(): Promise<void> {
    const packs = this.#unindexed;
    this.#unindexed = [];
    await putIndex(this.#vault, packs);
  }
}
