import { createSecretKey, type KeyObject } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";
import { ENTRY_BYTES, encodeEntries, type PackEntry } from "../pack/pack-entry.ts";
import { encodeFooter, encodeHeader, HEADER_BYTES } from "../pack/pack-format.ts";
import { encrypt, TAG_BYTES } from "../seal/aead.ts";
import { type ChunkHash, type HashName, loadHash } from "./chunk-hash.ts";
import { nonceAt, sealBond } from "./chunk-seal.ts";
import { type ChunkKind, wordOf } from "./chunk-word.ts";
import { release } from "./release.ts";

/** Parts of a chunk that are compressed first where chunks like it did not shrink, to find more without compressing all of them. */
const PROBE_BYTES = 16 * 1024;
/** A chunk is stored as it is when the probes keep more than this share of their length. */
const NOT_WORTH_IT = 0.97;

/** Writes pieces, one behind the other, at an offset of a pack. */
export type WritePack = (offset: number, pieces: readonly Buffer[]) => void;

/** The pack that a bench fills. */
interface OpenPack {
  /** Made once: of bytes OpenSSL would make one for each chunk, which takes longer than sealing a small one. */
  readonly key: KeyObject;
  readonly generation: number;
  readonly write: WritePack;
  readonly entries: PackEntry[];
  length: number;
}

/**
 * Does what costs CPU with chunks: hashes, compresses, seals into a pack. Synchronous one-shot calls on long-lived
 * buffers, which took half the CPU of Node's asynchronous ones; a bench runs on a thread of its own, or in line.
 */
export class ChunkBench {
  readonly #zeros: Buffer;
  readonly #hash: ChunkHash;
  readonly #level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
  /** With a checksum of the bytes, by which a restore knows that they came out as they went in. */
  readonly #frame = { params: { ...this.#level.params, [constants.ZSTD_c_checksumFlag]: 1 } };
  #pack: OpenPack | undefined;
  /** Whether the chunk before did not shrink: the one after it is likely to be of the same file. */
  #dull = false;

  constructor(chunk_bytes: number, hash: HashName) {
    this.#zeros = Buffer.alloc(chunk_bytes);
    this.#hash = loadHash(hash);
  }

  /** The id of a chunk, or null when it is all zeros. */
  identify(chunk: Buffer): Buffer | null {
    if (chunk.equals(this.#zeros.subarray(0, chunk.length))) return null;
    return this.#hash(chunk);
  }

  /** Whether a pack was begun. */
  get packs(): boolean {
    return this.#pack !== undefined;
  }

  /** Begins a pack. There must be room for the target size, a few chunks, and the trailer. */
  beginPack(write: WritePack, key: Buffer, generation: number): void {
    write(0, [encodeHeader(generation)]);
    this.#pack = { key: createSecretKey(key), generation, write, entries: [], length: HEADER_BYTES };
  }

  /** Seals a chunk to the end of the pack; answers how long the pack would be with its trailer. */
  store(chunk: Buffer, id: Buffer, kind: ChunkKind): number {
    const pack = this.#openPack();
    const zstd = this.#compress(chunk);
    this.#dull = zstd === null;
    const word = wordOf(chunk.length, zstd !== null, kind);
    const offset = pack.length;
    const [body, tag] = encrypt(pack.key, nonceAt(offset), sealBond(id, word), zstd ?? chunk);
    if (zstd) release(zstd);
    const length = body.length + TAG_BYTES;
    pack.write(offset, [body, tag]);
    release(body);
    pack.length += length;
    pack.entries.push({ id: Buffer.from(id), offset, length, word });
    return pack.length + pack.entries.length * ENTRY_BYTES;
  }

  /** Ends the pack with its trailer. */
  finishPack(): { length: number; entries: PackEntry[] } {
    const { key, generation, write, entries, length } = this.#openPack();
    const trailer = encrypt(key, nonceAt(length), encodeHeader(generation), encodeEntries(entries));
    const end = Buffer.concat([...trailer, encodeFooter(entries.length * ENTRY_BYTES + TAG_BYTES)]);
    write(length, [end]);
    this.#pack = undefined;
    return { length: length + end.length, entries };
  }

  #openPack(): OpenPack {
    if (!this.#pack) throw new Error("no pack was begun");
    return this.#pack;
  }

  /** Null when it does not shrink. */
  #compress(chunk: Buffer): Buffer | null {
    if (this.#dull && chunk.length > 2 * PROBE_BYTES) {
      const first = chunk.subarray(0, PROBE_BYTES);
      const last = chunk.subarray(chunk.length - PROBE_BYTES);
      if (this.#isDull(first) && this.#isDull(last)) return null;
    }
    // In one piece of output that holds whatever comes, zstd needs no buffers of its own.
    const chunkSize = zstdBound(chunk.length);
    const packed = zstdCompressSync(chunk, { ...this.#frame, chunkSize });
    if (packed.length < chunk.length) return packed;
    release(packed);
    return null;
  }

  #isDull(probe: Buffer): boolean {
    return zstdCompressSync(probe, this.#level).length > probe.length * NOT_WORTH_IT;
  }
}

/** The most bytes that zstd makes of so many, and a few more: zlib looks for more output when a piece is full. */
const zstdBound = (length: number): number => length + (length >> 8) + 1024;
