import { open } from "node:fs/promises";
import { CHUNK_BYTES } from "./copy/digest.ts";

/** Disks of tests end in the middle of a chunk. */
export const TAIL_BYTES = 512 * 7;

/** A raw disk file, chunks by letter: "." a hole, "0" written zeros, else data that follows from the letter and its place. */
export async function writeDisk(path: string, chunks: string): Promise<string> {
  await using file = await open(path, "w");
  await file.truncate((chunks.length - 1) * CHUNK_BYTES + TAIL_BYTES);
  for (const [number, letter] of [...chunks].entries()) {
    if (letter === ".") continue;
    const length = number === chunks.length - 1 ? TAIL_BYTES : CHUNK_BYTES;
    const bytes = letter === "0" ? Buffer.alloc(length) : Buffer.alloc(length, `${letter}${number % 3}`);
    await file.write(bytes, 0, length, number * CHUNK_BYTES);
  }
  return path;
}
