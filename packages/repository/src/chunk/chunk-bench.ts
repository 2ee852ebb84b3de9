import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { ENTRY_BYTES, encodeEntries, type PackEntry } from "../pack/pack-entry.ts";
import { encodeFooter, encodeHeader, HEADER_BYTES } from "../pack/pack-format.ts";
import { decrypt, encrypt, TAG_BYTES } from "../seal/aead.ts";
import { type ChunkHash, type HashName, loadHash } from "./chunk-hash.ts";
import { nonceAt, sealBond } from "./chunk-seal.ts";
import { type ChunkKind, isZstd, rawLength, wordOf } from "./chunk-word.ts";
import { release } from "./release.ts";

/** Parts of a chunk that are compressed first where chunks like it did not shrink, to find more without compressing all of them. */
const PROBE_BYTES = 16 * 1024;
/** A chunk is stored as it is when the probes keep more than this share of their length. */
const NOT_WORTH_IT = 0.97;

/** What a sealed chunk is bound to. */
export interface SealedAt {
  /** In its pack. */
  readonly offset: number;
  readonly id: Buffer;
  readonly word: number;
}

/** The pack that a bench fills. */
interface OpenPack {
  readonly key: Buffer;
  readonly generation: number;
  readonly into: Buffer;
  readonly entries: PackEntry[];
  length: number;
}

/**
 * Does what costs CPU with chunks: hashes, compresses, seals into a pack, opens. Synchronous one-shot calls on long-lived
 * buffers, which took half the CPU of Node's asynchronous ones; a bench runs on a thread of its own, or in line.
 */
export class ChunkBench {
  readonly #zeros: Buffer;
  readonly #hash: ChunkHash;
  readonly #level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
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

  /** Begins a pack in a buffer, which must hold the target size, a few chunks, and the trailer. */
  beginPack(into: Buffer, key: Buffer, generation: number): void {
    encodeHeader(generation).copy(into);
    this.#pack = { key, generation, into, entries: [], length: HEADER_BYTES };
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
    body.copy(pack.into, offset);
    tag.copy(pack.into, offset + body.length);
    release(body);
    pack.length += length;
    pack.entries.push({ id: Buffer.from(id), offset, length, word });
    return pack.length + pack.entries.length * ENTRY_BYTES;
  }

  /** Ends the pack with its trailer. */
  finishPack(): { length: number; entries: PackEntry[] } {
    const { key, generation, into, entries, length } = this.#openPack();
    const trailer = encrypt(key, nonceAt(length), encodeHeader(generation), encodeEntries(entries));
    const end = Buffer.concat([...trailer, encodeFooter(entries.length * ENTRY_BYTES + TAG_BYTES)]);
    end.copy(into, length);
    this.#pack = undefined;
    return { length: length + end.length, entries };
  }

  /** Opens a sealed chunk and hands it to `use`, for as long as that runs. False when it is not the chunk of this id. */
  open(key: Buffer, at: SealedAt, sealed: Buffer, use: (chunk: Buffer) => void): boolean {
    const { offset, id, word } = at;
    const plain = decrypt(key, nonceAt(offset), sealBond(id, word), sealed);
    if (!plain) return false;
    const raw = isZstd(word) ? decompress(plain, rawLength(word)) : plain;
    const is_it = raw?.length === rawLength(word) && this.#hash(raw).equals(id);
    if (is_it) use(raw);
    release(raw);
    if (raw !== plain) release(plain);
    return is_it;
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
    const packed = zstdCompressSync(chunk, { ...this.#level, chunkSize });
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

function decompress(packed: Buffer, raw_bytes: number): Buffer | undefined {
  try {
    return zstdDecompressSync(packed, { chunkSize: raw_bytes + 64, maxOutputLength: raw_bytes });
  } catch {
    return undefined;
  }
}
