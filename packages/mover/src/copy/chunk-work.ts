import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type ChunkHash, type HashName, loadHash } from "@uniview/repository/chunk/chunk-hash";
import { release } from "@uniview/repository/chunk/release";
import { CHUNK_BYTES, ZEROS_DIGEST } from "./digest.ts";

const ZEROS = Buffer.alloc(CHUNK_BYTES);
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** The beginning of a chunk tells, mostly, whether it shrinks. */
const PROBE_BYTES = 16 * 1024;
/** What keeps more than this share of its length travels as it is. */
const NOT_WORTH_IT = 0.95;
/** zlib needs some room even for nothing. */
const MIN_OUTPUT_BYTES = 64;

const loaded = new Map<HashName, ChunkHash>();

/** The CPU's part with one chunk: synchronous one-shot calls, on a thread of their own. */
export function identify(bytes: Buffer, hash: HashName): Buffer {
  if (bytes.equals(ZEROS.subarray(0, bytes.length))) return ZEROS_DIGEST;
  const digestOf = loaded.get(hash) ?? loadHash(hash);
  loaded.set(hash, digestOf);
  return digestOf(bytes);
}

/** Packs a chunk into a buffer; answers how long it is there, 0 when it does not shrink. */
export function pack(bytes: Buffer, into: Buffer): number {
  if (bytes.length > PROBE_BYTES) {
    const probe = zstdCompressSync(bytes.subarray(0, PROBE_BYTES), LEVEL);
    if (probe.length > PROBE_BYTES * NOT_WORTH_IT) return 0;
  }
  // One piece of output: zlib's default of 16 KiB pieces costs a third of the speed.
  const chunkSize = Math.max(bytes.length, MIN_OUTPUT_BYTES);
  const packed = zstdCompressSync(bytes, { ...LEVEL, chunkSize });
  const length = packed.length < bytes.length * NOT_WORTH_IT ? packed.copy(into) : 0;
  release(packed);
  return length;
}

/** Opens a packed chunk into a buffer. False when these are not the bytes of a chunk of this length. */
export function unpack(packed: Buffer, into: Buffer): boolean {
  try {
    const chunkSize = Math.max(into.length, MIN_OUTPUT_BYTES);
    const bytes = zstdDecompressSync(packed, { chunkSize, maxOutputLength: chunkSize });
    const whole = bytes.length === into.length && bytes.copy(into) === into.length;
    release(bytes);
    return whole;
  } catch {
    return false;
  }
}
