import { hash } from "node:crypto";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { ENTRY_BYTES, encodeEntries, type PackEntry } from "../pack/pack-entry.ts";
import { encodeFooter, encodeHeader, HEADER_BYTES } from "../pack/pack-format.ts";
import { decrypt, encrypt, TAG_BYTES } from "../seal/aead.ts";
import { nonceAt, sealBond } from "./chunk-seal.ts";
import { type ChunkKind, isZstd, rawLength, wordOf } from "./chunk-word.ts";

/** The beginning of a chunk that is compressed first, to find those that do not shrink without compressing all of them. */
const PROBE_BYTES = 16 * 1024;
/** A chunk is stored as it is when the probe keeps more than this share of its length. */
const NOT_WORTH_IT = 0.97;

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
  readonly #level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
  #pack: OpenPack | undefined;

  constructor(chunk_bytes: number) {
    this.#zeros = Buffer.alloc(chunk_bytes);
  }

  /** The id of a chunk, or null when it is all zeros. */
  identify(chunk: Buffer): Buffer | null {
    if (chunk.equals(this.#zeros.subarray(0, chunk.length))) return null;
    return hash("sha256", chunk, "buffer");
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
    const word = wordOf(chunk.length, zstd !== null, kind);
    const offset = pack.length;
    const [body, tag] = encrypt(pack.key, nonceAt(offset), sealBond(id, word), zstd ?? chunk);
    body.copy(pack.into, offset);
    tag.copy(pack.into, offset + body.length);
    pack.length += body.length + TAG_BYTES;
    pack.entries.push({ id: Buffer.from(id), offset, length: body.length + TAG_BYTES, word });
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

  /** Opens a sealed chunk into a buffer. False when it is not the chunk of this id. */
  open(key: Buffer, offset: number, id: Buffer, word: number, sealed: Buffer, into: Buffer): boolean {
    const plain = decrypt(key, nonceAt(offset), sealBond(id, word), sealed);
    if (!plain) return false;
    const raw = isZstd(word) ? decompress(plain, rawLength(word)) : plain;
    if (raw?.length !== rawLength(word) || !hash("sha256", raw, "buffer").equals(id)) return false;
    raw.copy(into);
    return true;
  }

  #openPack(): OpenPack {
    if (!this.#pack) throw new Error("no pack was begun");
    return this.#pack;
  }

  #compress(chunk: Buffer): Buffer | null {
    if (chunk.length > PROBE_BYTES) {
      const probe = zstdCompressSync(chunk.subarray(0, PROBE_BYTES), this.#level);
      const last = chunk.subarray(chunk.length - PROBE_BYTES);
      const dull = (length: number) => length > PROBE_BYTES * NOT_WORTH_IT;
      if (dull(probe.length) && dull(zstdCompressSync(last, this.#level).length)) return null;
    }
    // One piece of output: zlib's default of 16 KiB pieces costs a third of the speed.
    const chunkSize = Math.max(chunk.length, 64);
    const packed = zstdCompressSync(chunk, { ...this.#level, chunkSize });
    return packed.length < chunk.length ? packed : null;
  }
}

function decompress(packed: Buffer, raw_bytes: number): Buffer | undefined {
  try {
    return zstdDecompressSync(packed, { chunkSize: Math.max(raw_bytes, 64), maxOutputLength: raw_bytes });
  } catch {
    return undefined;
  }
}
