import type { ChunkKind } from "../chunk/chunk-word.ts";
import type { IndexedPack } from "../index/index-object.ts";
import { packKey } from "../pack/pack-format.ts";
import type { FilePlace } from "../thread/file-place.ts";
import type { Lane } from "../thread/lane.ts";
import { type AddReply, asBuffer } from "../thread/lane-core.ts";
import type { Slot } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";
import { type PackPlace, PackPlaces } from "./pack-place.ts";

/** Told of a pack that is in the storage, and its length. */
type OnPut = (pack: IndexedPack, length_bytes: number) => Promise<void>;

/** Fills packs on one lane, puts those that are full, and says so. */
export class PackingLane {
  readonly #vault: Vault;
  readonly #session: string;
  readonly #lane: Lane;
  readonly #onPut: OnPut;
  readonly #places: PackPlaces;
  /** Where the lane stores what is asked of it now. */
  #place: PackPlace | undefined;
  /** Where it will, when that is full; there before it is needed, so that the lane need not wait. */
  #next: Promise<PackPlace> | undefined;
  /** Resolves when there is a pack to store into. Stores look again after it did: it may have become full meanwhile. */
  #ready: Promise<unknown> | undefined;
  /** What the lane may write to. */
  readonly #open = new Set<PackPlace>();
  readonly #puts = new Set<Promise<void>>();

  constructor(vault: Vault, session: string, lane: Lane, onPut: OnPut) {
    this.#vault = vault;
    this.#session = session;
    this.#lane = lane;
    this.#onPut = onPut;
    this.#places = new PackPlaces(vault);
  }

  /**
   * Names a slot's chunk, and stores it if it is new and a pack was begun. Null for zeros.
   * @param keep whether what is read from a file must be in the slot afterwards also when it is not new
   */
  async add(
    { number: slot }: Slot,
    length: number,
    kind: ChunkKind,
    from: FilePlace | undefined,
    keep: boolean,
  ): Promise<AddReply | null> {
    const place = this.#place;
    const added = await this.#lane.ask({ op: "add", slot, length, kind, from, keep });
    if (added) this.#grew(place, added.pack_bytes);
    return added;
  }

  /** Stores a slot's chunk. */
  async store({ number: slot }: Slot, length: number, id: Buffer, kind: ChunkKind): Promise<void> {
    this.#ready ??= this.#begin();
    for (let ready: Promise<unknown> | undefined; ready !== this.#ready; ) {
      ready = this.#ready;
      await ready;
    }
    const place = this.#place;
    this.#grew(place, await this.#lane.ask({ op: "store", slot, length, id, kind }));
  }

  /** Puts what is left. */
  async flush(): Promise<void> {
    await this.#ready;
    this.#ready = undefined;
    await this.#finish();
    await Promise.all(this.#puts);
  }

  /** Drops what was not put. After the lane was closed: nobody writes any more. */
  async close(): Promise<void> {
    await this.#drop([...this.#open]); // another one may wait for these
    await this.#next?.catch(() => {}); // whoever wanted it was told
    await this.#drop([...this.#open]);
  }

  #grew(place: PackPlace | undefined, pack_bytes: number): void {
    if (place !== this.#place) return; // its end was asked for
    if (pack_bytes >= this.#vault.pack_bytes / 2) this.#prepare().catch(() => {}); // seen when it is needed
    if (pack_bytes < this.#vault.pack_bytes) return;
    this.#ready = Promise.all([this.#finish(), this.#begin()]);
    this.#ready.catch(() => {}); // whoever stores next, or flushes, sees it
  }

  #prepare(): Promise<PackPlace> {
    this.#next ??= this.#places.next().then((place) => {
      this.#open.add(place);
      return place;
    });
    return this.#next;
  }

  async #begin(): Promise<void> {
    const place = await this.#prepare();
    this.#next = undefined;
    this.#place = place;
    const generation = this.#vault.keys.newest;
    const key = packKey(this.#vault.keys, generation, place.id);
    await this.#lane.ask({ op: "begin", into: place.into, key, generation });
  }

  /** Asks for the end of the pack at once, so that it comes after the stores that were asked for. */
  async #finish(): Promise<void> {
    const place = this.#place;
    if (!place) return;
    this.#place = undefined;
    const { length, entries } = await this.#lane.ask({ op: "finish" });
    this.#open.delete(place);
    if (entries.length === 0) return await place.drop();
    const pack = {
      id: place.id,
      generation: this.#vault.keys.newest,
      session: this.#session,
      entries: Buffer.from(asBuffer(entries)),
    };
    const put = place.put(length).then(() => this.#onPut(pack, length));
    this.#puts.add(put);
    put.then(
      () => this.#puts.delete(put),
      () => {}, // seen by flush
    );
  }

  async #drop(places: readonly PackPlace[]): Promise<void> {
    for (const place of places) {
      this.#open.delete(place);
      await place.drop();
    }
  }
}
