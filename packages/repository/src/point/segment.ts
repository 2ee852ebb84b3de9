import { Damaged } from "../damage.ts";
import { ID_BYTES } from "../pack/pack-entry.ts";

/** Ids of consecutive chunks of a disk; null where a chunk is all zeros. */
export type Segment = readonly (Buffer | null)[];

export function encodeSegment(ids: Segment): Buffer {
  const map_bytes = Math.ceil(ids.length / 8);
  const bytes = Buffer.alloc(4 + map_bytes + ids.filter((id) => id !== null).length * ID_BYTES);
  bytes.writeUInt32BE(ids.length);
  let at = 4 + map_bytes;
  for (const [index, id] of ids.entries()) {
    if (id === null) continue;
    bytes[4 + (index >> 3)] = (bytes[4 + (index >> 3)] ?? 0) | (1 << (index & 7));
    at += id.copy(bytes, at);
  }
  return bytes;
}

/** @throws Damaged when these are not the bytes of a segment */
export function decodeSegment(bytes: Buffer): Segment {
  const damaged = () => new Damaged("a segment", "its length is not that of its ids");
  if (bytes.length < 4) throw damaged();
  const count = bytes.readUInt32BE(0);
  let at = 4 + Math.ceil(count / 8);
  if (at > bytes.length) throw damaged();
  const ids = Array.from({ length: count }, (_, index) => {
    if ((((bytes[4 + (index >> 3)] ?? 0) >> (index & 7)) & 1) === 0) return null;
    // A copy: the slot that the bytes are in belongs to the next chunk soon.
    const id = Buffer.from(bytes.subarray(at, at + ID_BYTES));
    at += ID_BYTES;
    return id;
  });
  if (at !== bytes.length) throw damaged();
  return ids;
}

/** The most bytes that a segment of so many chunks has. */
export const maxSegmentBytes = (chunks: number): number => 4 + Math.ceil(chunks / 8) + chunks * ID_BYTES;
