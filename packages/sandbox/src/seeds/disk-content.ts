import { createCipheriv } from "node:crypto";
import { open } from "node:fs/promises";
import { PIECE_BYTES } from "../disks/sparse-copy.ts";

const MIB = 2 ** 20;
/** The guest's line and log live in front; a new disk is blank there. */
const CONTENT_OFFSET = MIB;

/**
 * Makes a disk whose data looks like a file system's: a few MiB that no compressor shrinks, repeatable by `seed`,
 * behind 1 MiB of zeros and in front of a hole.
 */
export async function writeDisk(
  path: string,
  size_bytes: number,
  data_bytes: number,
  seed: string,
): Promise<void> {
  await using file = await open(path, "w");
  await file.truncate(size_bytes);
  const key = Buffer.alloc(16, seed);
  const stream = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(PIECE_BYTES);
  for (let written = 0; written < data_bytes; written += PIECE_BYTES) {
    const piece = stream.update(zeros.subarray(0, Math.min(PIECE_BYTES, data_bytes - written)));
    await file.write(piece, 0, piece.length, CONTENT_OFFSET + written);
  }
}
