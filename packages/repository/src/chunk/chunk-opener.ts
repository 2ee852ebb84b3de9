import { createSecretKey, type KeyObject } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { decrypt } from "../seal/aead.ts";
import { type ChunkHash, type HashName, loadHash } from "./chunk-hash.ts";
import { nonceAt, sealBond } from "./chunk-seal.ts";
import { isZstd, rawLength } from "./chunk-word.ts";
import { release } from "./release.ts";

/** What a sealed chunk is bound to. */
interface SealedAt {
  /** In its pack. */
  readonly offset: number;
  readonly id: Buffer;
  readonly word: number;
  /** Whether its digest is compared with its id whatever else is known of it. */
  readonly digests: boolean;
}

/**
 * Opens sealed chunks, each verified twice: by the tag that binds it to its id, which nobody can make without the key; and by the checksum
 * in its frame, or where there is none, or digests are wanted, by the hash of its bytes, which is its id. With a checksum a digest tells
 * only one thing more: that who sealed the chunk and had the key gave it another id than its own.
 */
export class ChunkOpener {
  readonly #hash: ChunkHash;
  /** The key that was used last, most often that of the next chunk, too: Node takes a key that it made once faster than bytes. */
  #key: { readonly bytes: Buffer; readonly made: KeyObject } | undefined;

  constructor(hash: HashName) {
    this.#hash = loadHash(hash);
  }

  /** Opens a sealed chunk and hands it to `use`, for as long as that runs. False when it is not the chunk of this id. */
  open(key: Buffer, at: SealedAt, sealed: Buffer, use: (chunk: Buffer) => void): boolean {
    const { offset, id, word, digests } = at;
    const plain = decrypt(this.#made(key), nonceAt(offset), sealBond(id, word), sealed);
    if (!plain) return false;
    const raw = isZstd(word) ? decompress(plain, rawLength(word)) : plain;
    const checked = !digests && raw !== plain && hasChecksum(plain);
    const is_it = raw?.length === rawLength(word) && (checked || this.#hash(raw).equals(id));
    if (is_it) use(raw);
    release(raw);
    if (raw !== plain) release(plain);
    return is_it;
  }

  #made(key: Buffer): KeyObject {
    if (!this.#key?.bytes.equals(key)) this.#key = { bytes: Buffer.from(key), made: createSecretKey(key) };
    return this.#key.made;
  }
}

/** RFC 8878: a frame begins with its magic number; the byte behind it has a bit that says whether a checksum ends it. */
const FRAME_MAGIC = 0xfd2fb528;
const FLAGS_AT = 4;
const CHECKSUM_BIT = 4;

/** Whether zstd compared what it unpacked with a checksum. */
function hasChecksum(frame: Buffer): boolean {
  if (frame.length <= FLAGS_AT || frame.readUInt32LE(0) !== FRAME_MAGIC) return false;
  return (frame.readUInt8(FLAGS_AT) & CHECKSUM_BIT) !== 0;
}

/** Room for all of it and a few bytes more: zlib looks for more output when a piece is full. */
const ROOM_BYTES = 64;

function decompress(packed: Buffer, raw_bytes: number): Buffer | undefined {
  try {
    return zstdDecompressSync(packed, { chunkSize: raw_bytes + ROOM_BYTES, maxOutputLength: raw_bytes });
  } catch {
    return undefined;
  }
}
