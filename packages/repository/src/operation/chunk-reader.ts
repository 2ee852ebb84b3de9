import { rawLength } from "../chunk/chunk-word.ts";
import { ChunkMissing, Damaged } from "../damage.ts";
import { type Catalogue, findChunk, loadCatalogue, packAt } from "../index/catalogue.ts";
import { type ChunkCopy, findCopies } from "../index/find-copies.ts";
import { packKey, packName } from "../pack/pack-format.ts";
import { ObjectMissing, type Range } from "../storage/storage.ts";
import type { FilePlace } from "../thread/file-place.ts";
import { type CopiedChunk, slotBytes } from "../thread/lane-core.ts";
import { Lanes, type Slot } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";

/** How often the catalogue is read again for one chunk: a collection may have moved it, a listing may have been late. */
const MAX_RELOADS = 3;
/** Keys of packs that are kept: deriving one takes longer than finding it. */
const MAX_KEYS = 1024;

/** Chunks of a disk that a thread reads, opens and writes at one request: some 10 ms of its time. */
const RUN_CHUNKS = 4;
const ANY_PACK = packName("0".repeat(64));

/** A chunk, and where it goes. */
interface PlacedChunk {
  readonly id: Buffer;
  readonly to: FilePlace;
}

export interface ReaderOptions {
  readonly catalogue?: Catalogue;
  /** Whether the digest of every chunk is compared with its id; else only of those that have no checksum. */
  readonly digests?: boolean;
}

/** Reads chunks by id, each verified: `ChunkOpener` says how. */
export class ChunkReader {
  readonly vault: Vault;
  readonly #lanes: Lanes;
  readonly #digests: boolean;
  readonly #keys = new Map<string, Buffer>();
  #catalogue: Catalogue;
  #reloading: Promise<Catalogue> | undefined;

  private constructor(vault: Vault, catalogue: Catalogue, lanes: Lanes, digests: boolean) {
    this.vault = vault;
    this.#digests = digests;
    this.#catalogue = catalogue;
    this.#lanes = lanes;
  }

  static async open(vault: Vault, { catalogue, digests = true }: ReaderOptions = {}): Promise<ChunkReader> {
    const lanes = new Lanes(vault, vault.threads); // they start while the catalogue is read
    try {
      return new ChunkReader(vault, catalogue ?? (await loadCatalogue(vault)), lanes, digests);
    } catch (error) {
      await lanes.close();
      throw error;
    }
  }

  /** How many chunks `copy` is best given at once: more than one where threads read packs by themselves. */
  get run_chunks(): number {
    return this.vault.storage.fileOf?.(ANY_PACK) === undefined ? 1 : RUN_CHUNKS;
  }

  /** Waits until fewer chunks than there are slots are being read. */
  take(): Promise<Slot> {
    return this.#lanes.take();
  }

  giveBack(slot: Slot): void {
    this.#lanes.giveBack(slot);
  }

  /** Reads chunks and writes them to files, all of it on the slot's thread. @throws like `read` */
  async copy(chunks: readonly PlacedChunk[], slot: Slot): Promise<void> {
    const copied = new Set<PlacedChunk>();
    const near = chunks.flatMap((chunk) => {
      const copy = this.#inFile(chunk);
      return copy ? [{ chunk, copy }] : [];
    });
    if (near.length > 0) {
      const request = { op: "copy", slot: slot.number, chunks: near.map(({ copy }) => copy) } as const;
      const outcomes = await slot.lane.ask(request);
      for (const [index, { chunk }] of near.entries()) if (outcomes[index] === "opened") copied.add(chunk);
    }
    // What is elsewhere, was moved or is damaged is looked for as any chunk is.
    for (const chunk of chunks) if (!copied.has(chunk)) await this.#find(chunk.id, slot, chunk.to);
  }

  /**
   * Reads a chunk into a slot; answers its bytes, which are the slot's.
   * @throws ChunkMissing; Damaged, which names the pack, when no copy of it opens
   */
  async read(id: Buffer, slot: Slot): Promise<Buffer> {
    return slot.bytes.subarray(0, await this.#find(id, slot));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lanes.close();
  }

  /** Where a thread finds a chunk by itself; undefined when it cannot. */
  #inFile({ id, to }: PlacedChunk): CopiedChunk | undefined {
    const { chunks } = this.#catalogue;
    const number = chunks.find(id);
    if (number < 0) return undefined;
    const { id: pack, generation } = packAt(this.#catalogue, chunks.packOf(number));
    const path = this.vault.storage.fileOf?.(packName(pack));
    const { offset, length, word } = chunks.at(number);
    if (path === undefined || length > slotBytes(this.vault.chunk_bytes)) return undefined;
    return {
      id,
      offset,
      length,
      word,
      digests: this.#digests,
      key: this.#keyOf(pack, generation),
      from: { path, offset_bytes: offset },
      to,
    };
  }

  /** Answers how long the chunk is. */
  async #find(id: Buffer, slot: Slot, to?: FilePlace): Promise<number> {
    for (let reloads = 0; ; reloads++) {
      const seen = this.#catalogue;
      try {
        return await this.#readFrom(seen, id, slot, to);
      } catch (error) {
        const moved = error instanceof ObjectMissing || error instanceof ChunkMissing;
        if (!moved) throw error;
        if (reloads === MAX_RELOADS) throw new ChunkMissing(id.toString("hex"));
        await this.#reload(seen);
      }
    }
  }

  async #readFrom(catalogue: Catalogue, id: Buffer, slot: Slot, to?: FilePlace): Promise<number> {
    const number = findChunk(catalogue, id);
    const pack = packAt(catalogue, catalogue.chunks.packOf(number));
    try {
      return await this.#readCopy({ pack, entry: catalogue.chunks.at(number) }, slot, to);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      return this.#readOther(pack.id, error, { id, slot, to });
    }
  }

  /** Writers that stored the same chunk at once, and collections, leave second copies: one that is sound is as good. */
  async #readOther(
    damaged: string,
    error: Damaged,
    { id, slot, to }: { id: Buffer; slot: Slot; to: FilePlace | undefined },
  ): Promise<number> {
    for await (const copy of findCopies(this.vault, id)) {
      if (copy.pack.id === damaged) continue;
      try {
        return await this.#readCopy(copy, slot, to);
      } catch (other) {
        if (!(other instanceof Damaged || other instanceof ObjectMissing)) throw other;
      }
    }
    throw error;
  }

  async #readCopy({ pack, entry }: ChunkCopy, slot: Slot, to?: FilePlace): Promise<number> {
    const { id, offset, length, word } = entry;
    const name = packName(pack.id);
    if (length > slotBytes(this.vault.chunk_bytes))
      throw new Damaged(name, `a chunk of ${length} bytes is too long`);
    const path = this.vault.storage.fileOf?.(name);
    if (path === undefined) await this.#getInto(slot.bytes, name, { offset, length });
    const key = this.#keyOf(pack.id, pack.generation);
    const from = path === undefined ? undefined : { path, offset_bytes: offset };
    const digests = this.#digests;
    const request = {
      op: "open",
      slot: slot.number,
      length,
      key,
      offset,
      id,
      word,
      digests,
      from,
      to,
    } as const;
    const outcome = await slot.lane.ask(request);
    if (outcome === "missing") throw new ObjectMissing(name);
    if (outcome === "damaged")
      throw new Damaged(name, `chunk ${id.toString("hex")} at byte ${offset} does not open`);
    return rawLength(word);
  }

  async #getInto(into: Buffer, name: string, range: Range): Promise<void> {
    try {
      const bytes = await this.vault.storage.get(name, range, into);
      if (bytes.buffer !== into.buffer) bytes.copy(into);
    } catch (error) {
      if (error instanceof RangeError) throw new Damaged(name, error.message, { cause: error });
      throw error;
    }
  }

  #keyOf(pack: string, generation: number): Buffer {
    const known = this.#keys.get(pack);
    if (known) return known;
    if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
    const key = packKey(this.vault.keys, generation, pack);
    this.#keys.set(pack, key);
    return key;
  }

  /** One reload serves all who saw the same catalogue fail. */
  async #reload(seen: Catalogue): Promise<void> {
    if (this.#catalogue !== seen) return;
    this.#reloading ??= this.vault.storage.settle().then(() => loadCatalogue(this.vault));
    try {
      this.#catalogue = await this.#reloading;
    } finally {
      this.#reloading = undefined;
    }
  }
}
