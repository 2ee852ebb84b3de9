import { decodeEntries, type PackEntry } from "../pack/pack-entry.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { listFolder, SHORT_ID, type Vault } from "../vault.ts";
import { getIndex, type IndexedPack } from "./index-object.ts";

/** One place of a chunk. */
export interface ChunkCopy {
  readonly pack: Pick<IndexedPack, "id" | "generation">;
  readonly entry: PackEntry;
}

/**
 * All places of a chunk that indexes tell of; some of these packs may be gone. A catalogue knows one place a chunk, to stay
 * small; this reads all indexes again, for when that one is damaged.
 */
export async function* findCopies(vault: Vault, id: Buffer): AsyncGenerator<ChunkCopy> {
  for (const index of await listFolder(vault, "indexes", SHORT_ID))
    for (const pack of await packsOf(vault, index))
      for (const entry of decodeEntries(pack.entries) ?? []) if (entry.id.equals(id)) yield { pack, entry };
}

async function packsOf(vault: Vault, index: string): Promise<IndexedPack[]> {
  try {
    return await getIndex(vault, index);
  } catch (error) {
    if (error instanceof ObjectMissing) return []; // a collection replaced it
    throw error;
  }
}
