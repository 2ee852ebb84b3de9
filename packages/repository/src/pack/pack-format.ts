import { nonceAt } from "../chunk/chunk-seal.ts";
import { Damaged } from "../damage.ts";
import { decrypt } from "../seal/aead.ts";
import { deriveKey, type TenantKeys } from "../seal/tenant-keys.ts";
import type { Storage } from "../storage/storage.ts";
import { decodeEntries, type PackEntry } from "./pack-entry.ts";

const MAGIC = Buffer.from("UVPK");
const END_MAGIC = Buffer.from("UVPE");
const VERSION = 1;
export const HEADER_BYTES = 16;
const FOOTER_BYTES = 8;

export function encodeHeader(generation: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(VERSION, 4);
  header.writeUInt32BE(generation, 8);
  return header;
}

export function encodeFooter(trailer_bytes: number): Buffer {
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeUInt32BE(trailer_bytes);
  END_MAGIC.copy(footer, 4);
  return footer;
}

/** @param id 64 hex digits */
export const packName = (id: string): string => `packs/${id.slice(0, 2)}/${id}`;

export const packKey = (keys: TenantKeys, generation: number, id: string): Buffer =>
  deriveKey(keys.key(generation), Buffer.from(id, "hex"), "uniview pack");

/** What a pack says of itself. */
export interface PackContents {
  readonly generation: number;
  readonly entries: PackEntry[];
}

/**
 * Reads header and trailer of a pack.
 * @throws Damaged, ObjectMissing
 */
export async function readPackContents(
  storage: Storage,
  keys: TenantKeys,
  id: string,
  size_bytes: number,
): Promise<PackContents> {
  const name = packName(id);
  if (size_bytes < HEADER_BYTES + FOOTER_BYTES) throw new Damaged(name, `${size_bytes} bytes are no pack`);
  const header = await storage.get(name, { offset: 0, length: HEADER_BYTES });
  const footer = await storage.get(name, { offset: size_bytes - FOOTER_BYTES, length: FOOTER_BYTES });
  const trailer_at = size_bytes - FOOTER_BYTES - footer.readUInt32BE(0);
  if (!footer.subarray(4).equals(END_MAGIC) || trailer_at < HEADER_BYTES)
    throw new Damaged(name, "its end is not that of a pack");
  const trailer = await storage.get(name, {
    offset: trailer_at,
    length: size_bytes - FOOTER_BYTES - trailer_at,
  });
  return openTrailer(keys, id, header, trailer, trailer_at);
}

/** The same from a pack's whole bytes. */
export function decodePack(keys: TenantKeys, id: string, bytes: Buffer): PackContents {
  const name = packName(id);
  if (bytes.length < HEADER_BYTES + FOOTER_BYTES)
    throw new Damaged(name, `${bytes.length} bytes are no pack`);
  const end = bytes.length - FOOTER_BYTES;
  const trailer_at = end - bytes.readUInt32BE(end);
  if (!bytes.subarray(end + 4).equals(END_MAGIC) || trailer_at < HEADER_BYTES)
    throw new Damaged(name, "its end is not that of a pack");
  return openTrailer(keys, id, bytes.subarray(0, HEADER_BYTES), bytes.subarray(trailer_at, end), trailer_at);
}

function openTrailer(
  keys: TenantKeys,
  id: string,
  header: Buffer,
  trailer: Buffer,
  trailer_at: number,
): PackContents {
  const name = packName(id);
  const generation = header.readUInt32BE(8);
  if (!header.subarray(0, 4).equals(MAGIC) || header.readUInt32BE(4) !== VERSION)
    throw new Damaged(name, `its beginning is not that of a pack of format ${VERSION}`);
  let key: Buffer;
  try {
    key = packKey(keys, generation, id);
  } catch (cause) {
    throw new Damaged(name, `it says key generation ${generation}, which is unknown`, { cause });
  }
  const plain = decrypt(key, nonceAt(trailer_at), header, trailer);
  const entries = plain && decodeEntries(plain);
  if (!entries) throw new Damaged(name, "its trailer is not the one that was sealed");
  let at = HEADER_BYTES;
  for (const { offset, length } of entries) {
    if (offset !== at) throw new Damaged(name, `there is a gap before byte ${offset}`);
    at += length;
  }
  if (at !== trailer_at) throw new Damaged(name, `there is a gap before byte ${trailer_at}`);
  return { generation, entries };
}
