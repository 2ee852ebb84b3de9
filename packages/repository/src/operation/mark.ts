import { ChunkMissing } from "../damage.ts";
import { Bitmap } from "../index/bitmap.ts";
import { type Catalogue, findChunk, loadCatalogue } from "../index/catalogue.ts";
import { getPoint, listPointIds, type RecoveryPoint } from "../point/recovery-point.ts";
import { ObjectMissing } from "../storage/storage.ts";
import type { Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { readSegments } from "./read-disk.ts";

/** What is stored, and which of it recovery points reach. */
export interface Marked {
  readonly catalogue: Catalogue;
  /** Entry numbers of the catalogue's chunks that are reached. */
  readonly reached: Bitmap;
  readonly points: number;
}

/** A catalogue that was read while another collection replaced it can miss what was moved meanwhile. */
const MAX_TRIES = 3;

/**
 * Marks all that recovery points reach. A settle lies between the list of points and the look at the catalogue, so that
 * everything that a listed point needs is seen.
 *
 * @throws Damaged when a point, segment or index cannot be read; ChunkMissing when a point reaches what no index tells of
 */
export async function markReached(vault: Vault): Promise<Marked> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryMark(vault);
    } catch (error) {
      if (!(error instanceof ChunkMissing) || tries === MAX_TRIES) throw error;
    }
  }
}

async function tryMark(vault: Vault): Promise<Marked> {
  await vault.storage.settle();
  const ids = await listPointIds(vault);
  await vault.storage.settle();
  const catalogue = await loadCatalogue(vault);
  const reached = new Bitmap();
  const walked = new Set<string>();
  let points = 0;
  await using reader = await ChunkReader.open(vault, { catalogue });
  for (const id of ids) {
    const point = await pointIfThere(vault, id);
    if (!point) continue;
    points++;
    for (const disk of point.disks) {
      // Points of one disk have most segments in common: each is read once.
      const fresh = [...new Set(disk.segments)].filter((segment) => !walked.has(segment));
      for (const segment of fresh) {
        walked.add(segment);
        reached.add(findChunk(catalogue, Buffer.from(segment, "hex")));
      }
      for await (const segment of readSegments(reader, { ...disk, segments: fresh }))
        for (const chunk of segment) if (chunk !== null) reached.add(findChunk(catalogue, chunk));
    }
  }
  return { catalogue, reached, points };
}

/** Undefined when it was forgotten after it was listed. */
export async function pointIfThere(vault: Vault, id: string): Promise<RecoveryPoint | undefined> {
  try {
    return await getPoint(vault, id);
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}
