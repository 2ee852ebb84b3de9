import { CHUNK_BYTES } from "./digest.ts";

/** Before each part of a slot, for what goes over a stream before a chunk: in one piece they are written without being copied. */
const ROOM_BYTES = 64;
const PART_BYTES = ROOM_BYTES + CHUNK_BYTES;

/** A slot has room for one chunk, as it is and packed. */
export type SlotPart = "raw" | "packed";

/** Memory for so many slots: raw, packed, raw, packed … */
export const slotBytes = (slots: number): number => slots * 2 * PART_BYTES;

export function partOf(
  shared: SharedArrayBuffer,
  slot: number,
  part: SlotPart,
  length = CHUNK_BYTES,
): Buffer {
  return Buffer.from(shared, (2 * slot + (part === "raw" ? 0 : 1)) * PART_BYTES + ROOM_BYTES, length);
}

/** The first bytes of a part, with some of the room before them. */
export function withRoom(part: Buffer, length: number, room_bytes: number): Buffer {
  if (room_bytes > ROOM_BYTES) throw new RangeError(`room_bytes is ${room_bytes}: there are ${ROOM_BYTES}`);
  return Buffer.from(part.buffer, part.byteOffset - room_bytes, room_bytes + length);
}
