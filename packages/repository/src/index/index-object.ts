import { randomBytes } from "node:crypto";
import { Damaged } from "../damage.ts";
import { ENTRY_BYTES } from "../pack/pack-entry.ts";
import { getSealed, putSealed, type Vault } from "../vault.ts";

/** One pack as an index tells of it. */
export interface IndexedPack {
  /** 64 hex digits. */
  readonly id: string;
  readonly generation: number;
  /** The write that put it. */
  readonly session: string;
  /** Entries as in the pack's trailer. */
  readonly entries: Buffer;
}

const ID_BYTES = 32;
const SESSION_BYTES = 16;
const PACK_HEADER_BYTES = ID_BYTES + 4 + SESSION_BYTES + 4;
/** An index of more entries is put as several objects; 64 Ki entries are 3 MB. */
const MAX_ENTRIES = 65_536;

export const indexName = (id: string): string => `indexes/${id}`;

/** Puts index objects that tell of these packs; answers their ids. */
export async function putIndex(vault: Vault, packs: readonly IndexedPack[]): Promise<string[]> {
  const put: string[] = [];
  for (let from = 0; from < packs.length; ) {
    let to = from;
    for (let entries = 0; to < packs.length && (to === from || entries <= MAX_ENTRIES); to++)
      entries += (packs[to]?.entries.length ?? 0) / ENTRY_BYTES;
    const id = randomBytes(16).toString("hex");
    await putSealed(vault, indexName(id), encodeIndex(packs.slice(from, to)));
    put.push(id);
    from = to;
  }
  return put;
}

/** @throws ObjectMissing, Damaged */
export async function getIndex(vault: Vault, id: string): Promise<IndexedPack[]> {
  return decodeIndex(indexName(id), await getSealed(vault, indexName(id)));
}

function encodeIndex(packs: readonly IndexedPack[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(packs.length);
  const parts = packs.flatMap(({ id, generation, session, entries }) => {
    const header = Buffer.alloc(PACK_HEADER_BYTES);
    header.write(id, 0, "hex");
    header.writeUInt32BE(generation, ID_BYTES);
    header.write(session, ID_BYTES + 4, "hex");
    header.writeUInt32BE(entries.length / ENTRY_BYTES, PACK_HEADER_BYTES - 4);
    return [header, entries];
  });
  return Buffer.concat([count, ...parts]);
}

function decodeIndex(name: string, bytes: Buffer): IndexedPack[] {
  const packs: IndexedPack[] = [];
  let at = 4;
  for (let left = bytes.readUInt32BE(0); left > 0; left--) {
    if (at + PACK_HEADER_BYTES > bytes.length) throw new Damaged(name, "it ends too early");
    const header = bytes.subarray(at, at + PACK_HEADER_BYTES);
    at += PACK_HEADER_BYTES;
    const length = header.readUInt32BE(PACK_HEADER_BYTES - 4) * ENTRY_BYTES;
    packs.push({
      id: header.toString("hex", 0, ID_BYTES),
      generation: header.readUInt32BE(ID_BYTES),
      session: header.toString("hex", ID_BYTES + 4, ID_BYTES + 4 + SESSION_BYTES),
      entries: bytes.subarray(at, at + length),
    });
    at += length;
  }
  if (at !== bytes.length) throw new Damaged(name, "its length is not that of its entries");
  return packs;
}
