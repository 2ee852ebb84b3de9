export const ID_BYTES = 32;
export const ENTRY_BYTES = ID_BYTES + 12;

/** A chunk's place in a pack. */
export interface PackEntry {
  readonly id: Buffer;
  readonly offset: number;
  /** As stored, with the tag. */
  readonly length: number;
  /** See chunk-word.ts. */
  readonly word: number;
}

export function encodeEntries(entries: readonly PackEntry[]): Buffer {
  const bytes = Buffer.allocUnsafe(entries.length * ENTRY_BYTES);
  let at = 0;
  for (const { id, offset, length, word } of entries) {
    id.copy(bytes, at);
    at = bytes.writeUInt32BE(offset, at + ID_BYTES);
    at = bytes.writeUInt32BE(length, at);
    at = bytes.writeUInt32BE(word, at);
  }
  return bytes;
}

/** Entries of whole bytes; undefined when there is a part of one. Their ids share the bytes. */
export function decodeEntries(bytes: Buffer): PackEntry[] | undefined {
  if (bytes.length % ENTRY_BYTES !== 0) return undefined;
  const entries: PackEntry[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES)
    entries.push({
      id: bytes.subarray(at, at + ID_BYTES),
      offset: bytes.readUInt32BE(at + ID_BYTES),
      length: bytes.readUInt32BE(at + ID_BYTES + 4),
      word: bytes.readUInt32BE(at + ID_BYTES + 8),
    });
  return entries;
}
