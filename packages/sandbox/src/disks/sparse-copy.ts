import { type FileHandle, open } from "node:fs/promises";

/** Read in pieces of this size; the event loop gets its turn between two. */
export const PIECE_BYTES = 1 << 22;
const ZEROS = Buffer.alloc(PIECE_BYTES);

export function isZero(piece: Buffer): boolean {
  return piece.equals(piece.length === PIECE_BYTES ? ZEROS : ZEROS.subarray(0, piece.length));
}

/** Hands out a file piece by piece. The buffer is used again for the next piece. */
export async function* readPieces(
  file: FileHandle,
  size_bytes: number,
  piece_bytes = PIECE_BYTES,
): AsyncGenerator<{ offset: number; piece: Buffer }> {
  const buffer = Buffer.allocUnsafe(piece_bytes);
  for (let offset = 0; offset < size_bytes; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(piece_bytes, size_bytes - offset), offset);
    if (bytesRead === 0) throw new Error(`a disk ended at ${offset} of ${size_bytes} bytes`);
    yield { offset, piece: buffer.subarray(0, bytesRead) };
    offset += bytesRead;
  }
}

/** Copies what is not zero; `size_bytes` may make the copy longer than its source. */
export async function copySparse(from: string, to: string, size_bytes?: number): Promise<void> {
  await using source = await open(from, "r");
  await using target = await open(to, "w");
  const stat = await source.stat();
  await target.truncate(size_bytes ?? stat.size);
  if (stat.blocks === 0) return;
  for await (const { offset, piece } of readPieces(source, Math.min(stat.size, size_bytes ?? stat.size))) {
    if (!isZero(piece)) await target.write(piece, 0, piece.length, offset);
  }
}
