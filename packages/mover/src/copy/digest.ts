/** All transfers, recovery points and streams cut disks alike. */
export const CHUNK_BYTES = 1_048_576;
export const DIGEST_BYTES = 32;

/** Stands for the digest of a chunk of zeros, whatever its length: no digest is all ones in practice. */
export const ZEROS_DIGEST = Buffer.alloc(DIGEST_BYTES, 0xff);
/** Where no digest is known; no digest is all zeros in practice. */
export const NO_DIGEST = Buffer.alloc(DIGEST_BYTES);

export const chunksOf = (size_bytes: number): number => Math.ceil(size_bytes / CHUNK_BYTES);
export const lengthOf = (chunk: number, size_bytes: number): number =>
  Math.min(CHUNK_BYTES, size_bytes - chunk * CHUNK_BYTES);
