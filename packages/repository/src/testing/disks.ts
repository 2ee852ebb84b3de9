import { createHash } from "node:crypto";
import type { RepositoryMake } from "../config.ts";
import type { DiskSource } from "../operation/disk-source.ts";
import { readDisk } from "../operation/read-disk.ts";
import { writePoint } from "../operation/write-point.ts";
import type { RecoveryPoint } from "../point/recovery-point.ts";
import { initRepository, type OpenOptions, openRepository, type Repository } from "../repository.ts";
import { createRepositoryKey, type RepositoryKey } from "../seal/repository-key.ts";
import type { Storage } from "../storage/storage.ts";
import type { Vault } from "../vault.ts";

/** Small enough that tests have many chunks, segments and packs. */
export const CHUNK = 4096;
export const SEGMENT_CHUNKS = 4;
export const SMALL = { threads: 0, pack_bytes: 5 * CHUNK } as const;

/** A new repository with one tenant. */
export async function makeRepository(
  storage: Storage,
  options: OpenOptions = SMALL,
  sizes: RepositoryMake = { chunk_bytes: CHUNK, segment_chunks: SEGMENT_CHUNKS },
): Promise<{ key: RepositoryKey; repository: Repository; vault: Vault }> {
  const key = createRepositoryKey();
  await initRepository(storage, sizes);
  const repository = await openRepository(storage, key, options);
  await repository.addTenant("acme");
  await storage.settle();
  return { key, repository, vault: await repository.openTenant("acme") };
}

/** A chunk that does not shrink and follows from its number; 0 is zeros, odd ones shrink. */
export function chunkOf(number: number): Buffer {
  if (number === 0) return Buffer.alloc(CHUNK);
  const seed = createHash("shake256", { outputLength: number % 2 === 0 ? CHUNK : 64 })
    .update(`${number}`)
    .digest();
  return Buffer.alloc(CHUNK, seed);
}

export const diskOfChunks = (numbers: readonly number[], tail = 0): Buffer =>
  Buffer.concat([...numbers.map(chunkOf), Buffer.alloc(tail, "tail")]);

export function sourceOf(disk: Buffer): DiskSource {
  return {
    size_bytes: disk.length,
    async read(into, offset) {
      if (disk.copy(into, 0, offset) !== into.length) throw new Error("read beyond the end");
    },
  };
}

export async function write(vault: Vault, disk: Buffer, taken_at?: string): Promise<RecoveryPoint> {
  const at = taken_at ? { taken_at } : {};
  const { point } = await writePoint(vault, { ...at, disks: [{ name: "vda", source: sourceOf(disk) }] });
  return point;
}

/** The bytes of a point's only disk. */
export async function restore(vault: Vault, point: RecoveryPoint): Promise<Buffer> {
  const [disk] = point.disks;
  if (!disk) throw new Error("the point has no disk");
  const restored = Buffer.alloc(disk.size_bytes);
  await readDisk(vault, disk, {
    async write(bytes, offset) {
      bytes.copy(restored, offset);
    },
  });
  return restored;
}
