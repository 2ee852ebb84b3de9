import { kindOf, rawLength } from "../chunk/chunk-word.ts";
import { loadCatalogue } from "../index/catalogue.ts";
import { listPoints } from "../point/recovery-point.ts";
import type { Vault } from "../vault.ts";

/** What a tenant keeps, and what that costs. */
export interface VaultFigures {
  readonly points: number;
  readonly disks: number;
  /** Of all disks of all points, as their servers saw them. */
  readonly disk_bytes: number;
  /** Of these, what is not zeros. */
  readonly data_bytes: number;
  readonly chunks: number;
  /** Of all chunks of data, each once, before they were packed. */
  readonly unique_bytes: number;
  readonly packs: number;
  /** Packs as they lie in the storage; indexes and points come to less than a hundredth of that. */
  readonly stored_bytes: number;
}

/** Counts; reads points and indexes, no pack. @throws Damaged */
export async function measureVault(vault: Vault): Promise<VaultFigures> {
  const points = await listPoints(vault);
  const { packs, chunks, unindexed } = await loadCatalogue(vault);
  const disks = points.flatMap((point) => point.disks);
  let unique_bytes = 0;
  for (let number = 0; number < chunks.size; number++) {
    const { word } = chunks.at(number);
    if (kindOf(word) === "data") unique_bytes += rawLength(word);
  }
  const stored = [...packs, ...unindexed];
  return {
    points: points.length,
    disks: disks.length,
    disk_bytes: disks.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    data_bytes: disks.reduce((sum, { data_bytes }) => sum + data_bytes, 0),
    chunks: chunks.size,
    unique_bytes,
    packs: stored.length,
    stored_bytes: stored.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
  };
}
