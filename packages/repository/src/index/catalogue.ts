import { ChunkMissing } from "../damage.ts";
import { decodeEntries } from "../pack/pack-entry.ts";
import { listNotices, type Notice } from "../session/notice.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { listFolder, PACK_ID, SHORT_ID, type Vault } from "../vault.ts";
import { ChunkIndex } from "./chunk-index.ts";
import { getIndex } from "./index-object.ts";

/** A pack that is listed, and that an index tells of. */
export interface Pack {
  readonly id: string;
  readonly generation: number;
  readonly session: string;
  readonly size_bytes: number;
  /** Of the chunks in it, without its header and trailer. */
  readonly sealed_bytes: number;
  /** Some notice names it. */
  readonly condemned: boolean;
}

/** What a tenant's repository holds, as seen at one moment. */
export interface Catalogue {
  readonly notices: readonly Notice[];
  readonly packs: readonly Pack[];
  /** Pack numbers are those of `packs`. Of several copies of a chunk, one in a pack that is not condemned. */
  readonly chunks: ChunkIndex;
  /** Ids of the index objects that were read. */
  readonly indexes: readonly string[];
  /** Packs that are listed and that no index tells of. */
  readonly unindexed: readonly { readonly id: string; readonly size_bytes: number }[];
}

/** A collection replaces indexes while they are read; more often than this in a row is not that. */
const MAX_TRIES = 10;

/**
 * Reads notices, indexes and the list of packs, in the order that makes a collection beside it harmless: a pack is unlisted before
 * the notice that condemned it goes.
 *
 * @throws Damaged when an index or a notice is
 */
export async function loadCatalogue(vault: Vault): Promise<Catalogue> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryLoad(vault);
    } catch (error) {
      // The index was replaced between its listing and its reading: its successor is listed now, or soon.
      if (!(error instanceof ObjectMissing) || tries === MAX_TRIES) throw error;
      await vault.storage.settle();
    }
  }
}

async function tryLoad(vault: Vault): Promise<Catalogue> {
  const notices = await listNotices(vault);
  const condemned = new Set(notices.flatMap(({ packs }) => packs));
  const indexes = await listFolder(vault, "indexes", SHORT_ID);
  const listed = await listPacks(vault);
  const packs: Pack[] = [];
  const seen = new Set<string>();
  const chunks = new ChunkIndex();
  for (const index of indexes)
    for (const { id, generation, session, entries } of await getIndex(vault, index)) {
      const size_bytes = listed.get(id);
      if (size_bytes === undefined || seen.has(id)) continue;
      seen.add(id);
      const found = decodeEntries(entries) ?? [];
      const sealed_bytes = found.reduce((sum, { length }) => sum + length, 0);
      const number =
        packs.push({ id, generation, session, size_bytes, sealed_bytes, condemned: condemned.has(id) }) - 1;
      for (const entry of found) {
        const known = chunks.find(entry.id);
        if (known < 0) chunks.add(entry, number);
        else if (packs[chunks.packOf(known)]?.condemned && !condemned.has(id))
          chunks.place(known, entry, number);
      }
    }
  const unindexed = [...listed]
    .filter(([id]) => !seen.has(id))
    .map(([id, size_bytes]) => ({ id, size_bytes }));
  return { notices, packs, chunks, indexes, unindexed };
}

/** Sizes of all packs that are listed, by id. */
export async function listPacks(vault: Vault): Promise<Map<string, number>> {
  const listed = new Map<string, number>();
  for await (const { name, size_bytes } of vault.storage.list("packs/")) {
    const id = name.slice(name.lastIndexOf("/") + 1);
    if (PACK_ID.test(id)) listed.set(id, size_bytes);
  }
  return listed;
}

/** The pack with this number. */
export function packAt({ packs }: Catalogue, number: number): Pack {
  const pack = packs[number];
  if (!pack) throw new RangeError(`no pack has number ${number}`);
  return pack;
}

/** The number of a chunk in the index. @throws ChunkMissing */
export function findChunk({ chunks }: Catalogue, id: Buffer): number {
  const found = chunks.find(id);
  if (found < 0) throw new ChunkMissing(id.toString("hex"));
  return found;
}

/** Whether a new recovery point may use a chunk that is stored already. */
export function isUsable(catalogue: Catalogue, id: Buffer): boolean {
  const found = catalogue.chunks.find(id);
  return found >= 0 && !packAt(catalogue, catalogue.chunks.packOf(found)).condemned;
}
