import type { DiskManifest, RecoveryPoint } from "../point/recovery-point.ts";
import type { StoredFigures } from "../session/packer.ts";
import { WriteSession } from "../session/write-session.ts";
import type { Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { DiskSource, Extent } from "./disk-source.ts";
import { readSegments } from "./read-disk.ts";
import { type DiskProgress, writeDisk } from "./write-disk.ts";

export interface DiskToWrite {
  readonly name: string;
  readonly source: DiskSource;
  /** What may have changed since a recovery point that has a disk of this name; the rest is not read. */
  readonly changed?: { readonly since: RecoveryPoint; readonly extents: Iterable<Extent> };
}

export interface PointToWrite {
  readonly disks: readonly DiskToWrite[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly description?: unknown;
  readonly taken_at?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DiskProgress & { readonly disk: string }) => void;
}

/** Writes a recovery point of these disks: only chunks that the tenant has not stored yet are stored. */
export async function writePoint(
  vault: Vault,
  { disks, labels = {}, description = null, taken_at, signal, onProgress }: PointToWrite,
): Promise<{ point: RecoveryPoint; figures: StoredFigures }> {
  const session = await WriteSession.begin(vault);
  const manifests: DiskManifest[] = [];
  try {
    for (const disk of disks) {
      await using before = disk.changed ? await ChunkReader.open(vault) : undefined;
      const parent = disk.changed?.since.disks.find(({ name }) => name === disk.name);
      const changed =
        before && parent && disk.changed
          ? { changed: { since: readSegments(before, parent), extents: disk.changed.extents } }
          : {};
      const progress = onProgress && ((at: DiskProgress) => onProgress({ ...at, disk: disk.name }));
      manifests.push(
        await writeDisk(vault, session, disk.name, disk.source, { ...changed, signal, onProgress: progress }),
      );
    }
  } catch (error) {
    await session.abort();
    throw error;
  }
  const point = await session.commit({
    taken_at: taken_at ?? new Date(vault.now()).toISOString(),
    labels,
    description,
    disks: manifests,
  });
  return { point, figures: session.packer.figures };
}
