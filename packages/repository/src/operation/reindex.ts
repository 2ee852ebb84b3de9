import type { Catalogue } from "../index/catalogue.ts";
import { getIndex, type IndexedPack, indexName, putIndex } from "../index/index-object.ts";
import { ObjectMissing } from "../storage/storage.ts";
import type { Vault } from "../vault.ts";

/** With more index objects than this a start takes longer than it must. */
const MAX_INDEXES = 16;

/**
 * Replaces index objects by ones that do not tell of packs that are gone. A pack counts as gone when it is about to be
 * deleted, or when an index that was seen before the last settle tells of it and it is not listed after it.
 */
export async function replaceIndexes(
  vault: Vault,
  before: Catalogue,
  now: Catalogue,
  doomed: ReadonlySet<string>,
): Promise<void> {
  const listed = new Set([...now.packs, ...now.unindexed].map(({ id }) => id));
  const seen = new Set(before.indexes);
  const kept = new Map<string, IndexedPack>();
  const replaced: string[] = [];
  for (const index of now.indexes) {
    const packs = await indexIfThere(vault, index);
    if (!packs) continue; // another collection replaced it
    const left = packs.filter(({ id }) => !doomed.has(id) && (listed.has(id) || !seen.has(index)));
    if (left.length === packs.length && now.indexes.length <= MAX_INDEXES) continue;
    replaced.push(index);
    for (const pack of left) kept.set(pack.id, pack);
  }
  await putIndex(vault, [...kept.values()]);
  await vault.storage.settle(); // whoever misses an old one from now on finds the new one
  for (const index of replaced) await vault.storage.delete(indexName(index));
}

async function indexIfThere(vault: Vault, id: string): Promise<IndexedPack[] | undefined> {
  try {
    return await getIndex(vault, id);
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}
