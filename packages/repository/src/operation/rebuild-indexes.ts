import { Damaged } from "../damage.ts";
import { listPacks } from "../index/catalogue.ts";
import { getIndex, type IndexedPack, indexName, putIndex } from "../index/index-object.ts";
import { encodeEntries } from "../pack/pack-entry.ts";
import { readPackContents } from "../pack/pack-format.ts";
import { ObjectMissing } from "../storage/storage.ts";
import { listFolder, SHORT_ID, type Vault } from "../vault.ts";

/** The session of packs whose own is not known any more. */
const UNKNOWN_SESSION = "0".repeat(32);

export interface RebuildReport {
  readonly packs: number;
  readonly chunks: number;
  /** What could not be read; what an old index still told of those packs was kept. */
  readonly damaged: readonly string[];
}

/** Makes the indexes anew from the packs themselves: for when they are lost or damaged. */
export async function rebuildIndexes(vault: Vault): Promise<RebuildReport> {
  await vault.storage.settle();
  const old = await listFolder(vault, "indexes", SHORT_ID);
  await vault.storage.settle(); // packs that an old index tells of are listed now
  const sizes = await listPacks(vault);
  const damaged: string[] = [];
  const told = new Map<string, IndexedPack>();
  for (const index of old)
    for (const pack of (await unlessDamaged(damaged, () => getIndex(vault, index))) ?? [])
      told.set(pack.id, pack);

  const packs: IndexedPack[] = [];
  let chunks = 0;
  for (const [id, size_bytes] of sizes) {
    const contents = await unlessDamaged(damaged, () =>
      readPackContents(vault.storage, vault.keys, id, size_bytes),
    );
    const known = told.get(id);
    if (contents) {
      const { generation, entries } = contents;
      chunks += entries.length;
      packs.push({
        id,
        generation,
        session: known?.session ?? UNKNOWN_SESSION,
        entries: encodeEntries(entries),
      });
    } else if (known) packs.push(known);
  }
  await putIndex(vault, packs);
  await vault.storage.settle();
  for (const index of old) await vault.storage.delete(indexName(index));
  return { packs: packs.length, chunks, damaged };
}

/** Undefined when it is damaged, which is noted, or gone. */
async function unlessDamaged<T>(damaged: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Damaged) damaged.push(error.message);
    else if (!(error instanceof ObjectMissing)) throw error;
    return undefined;
  }
}
