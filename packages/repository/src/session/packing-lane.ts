import { randomBytes } from "node:crypto";
import type { ChunkKind } from "../chunk/chunk-word.ts";
import type { IndexedPack } from "../index/index-object.ts";
import { ENTRY_BYTES } from "../pack/pack-entry.ts";
import { packKey, packName } from "../pack/pack-format.ts";
import { TAG_BYTES } from "../seal/aead.ts";
import type { Lane } from "../thread/lane.ts";
import { asBuffer, SLOTS_PER_LANE } from "../thread/lane-core.ts";
import type { Slot } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";

/** Header, footer, and the trailer's tag. */
const FRAME_BYTES = 64;

/** One pack is filled while the one before it is put. */
interface PackBuffer {
  readonly shared: SharedArrayBuffer;
  put: Promise<void>;
}

/** Told of a pack that is in the storage, and its length. */
type OnPut = (pack: IndexedPack, length_bytes: number) => Promise<void>;

/** Fills packs on one lane, puts those that are full, and says so. */
export class PackingLane {
  readonly #vault: Vault;
  readonly #session: string;
  readonly #lane: Lane;
  readonly #onPut: OnPut;
  /** Made when they are needed: a write of little has one. */
  readonly #buffers: PackBuffer[] = [];
  #filling = 0;
  #pack: { readonly id: string; readonly buffer: PackBuffer } | undefined;
  #stored = 0;
  /** Resolves when there is a pack to store into. Stores look again after it did: it may have become full meanwhile. */
  #ready: Promise<void> | undefined;

  constructor(vault: Vault, session: string, lane: Lane, onPut: OnPut) {
    this.#vault = vault;
    this.#session = session;
    this.#lane = lane;
    this.#onPut = onPut;
  }

  async store({ number: slot }: Slot, length: number, id: Buffer, kind: ChunkKind): Promise<void> {
    this.#ready ??= this.#begin();
    for (let ready: Promise<void> | undefined; ready !== this.#ready; ) {
      ready = this.#ready;
      await ready;
    }
    this.#stored++;
    const pack = this.#pack;
    const pack_bytes = await this.#lane.ask({ op: "store", slot, length, id, kind });
    if (pack_bytes >= this.#vault.pack_bytes && pack === this.#pack) {
      this.#ready = this.#finish().then(() => this.#begin());
      this.#ready.catch(() => {}); // whoever stores next, or flushes, sees it
    }
  }

  /** Puts what is left. */
  async flush(): Promise<void> {
    await this.#ready;
    this.#ready = undefined;
    if (this.#stored > 0) await this.#finish();
    this.#stored = 0;
    await Promise.all(this.#buffers.map(({ put }) => put));
  }

  async #begin(): Promise<void> {
    const capacity =
      this.#vault.pack_bytes +
      (SLOTS_PER_LANE + 1) * (this.#vault.chunk_bytes + TAG_BYTES + ENTRY_BYTES) +
      FRAME_BYTES;
    const buffer = this.#buffers[this.#filling] ?? {
      shared: new SharedArrayBuffer(capacity),
      put: Promise.resolve(),
    };
    this.#buffers[this.#filling] = buffer;
    await buffer.put;
    const generation = this.#vault.keys.newest;
    const id = randomBytes(32).toString("hex");
    const key = packKey(this.#vault.keys, generation, id);
    await this.#lane.ask({ op: "begin", into: buffer.shared, key, generation });
    this.#stored = 0;
    this.#pack = { id, buffer };
  }

  /** Asks for the end of the pack at once, so that it comes after the stores that were asked for. */
  async #finish(): Promise<void> {
    const pack = this.#pack;
    if (!pack) return;
    this.#pack = undefined;
    const finished = this.#lane.ask({ op: "finish" });
    this.#filling = 1 - this.#filling;
    const { length, entries } = await finished;
    const bytes = Buffer.from(pack.buffer.shared, 0, length);
    const indexed = {
      id: pack.id,
      generation: this.#vault.keys.newest,
      session: this.#session,
      entries: Buffer.from(asBuffer(entries)),
    };
    pack.buffer.put = this.#vault.storage
      .put(packName(pack.id), bytes)
      .then(() => this.#onPut(indexed, length));
    pack.buffer.put.catch(() => {}); // seen before the buffer is used again, and by flush
  }
}
