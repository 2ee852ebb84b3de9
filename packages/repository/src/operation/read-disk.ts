import type { DiskManifest, RecoveryPoint } from "../point/recovery-point.ts";
import { decodeSegment, type Segment } from "../point/segment.ts";
import type { Slot } from "../thread/lanes.ts";
import type { Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { DiskProgress } from "./write-disk.ts";

/** The segments of a disk, one at a time. */
export async function* readSegments(reader: ChunkReader, disk: DiskManifest): AsyncGenerator<Segment> {
  for (const id of disk.segments) {
    const slot = await reader.take();
    let segment: Segment;
    try {
      segment = decodeSegment(await reader.read(Buffer.from(id, "hex"), slot));
    } finally {
      reader.giveBack(slot);
    }
    yield segment;
  }
}

/** Where a disk is restored to. What is not written must be zeros already. */
export interface DiskTarget {
  /** Several writes are under way at once. The bytes are only good until it resolves. */
  write(bytes: Buffer, offset_bytes: number): Promise<void>;
  /** An open file that does the same with what is written to it at the same offsets: then the threads write by themselves. */
  readonly fd?: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DiskProgress) => void;
}

/** The disk of this name. */
export function diskOf(point: RecoveryPoint, name: string): DiskManifest {
  const disk = point.disks.find((candidate) => candidate.name === name);
  if (!disk) {
    const names = point.disks.map((candidate) => candidate.name).join(", ");
    throw new RangeError(`recovery point ${point.id} has no disk ${name}: it has ${names}`);
  }
  return disk;
}

async function copyTo(target: DiskTarget, reader: ChunkReader, id: Buffer, slot: Slot, offset_bytes: number) {
  const { fd } = target;
  if (fd !== undefined) await reader.write(id, slot, { fd, offset_bytes });
  else await target.write(await reader.read(id, slot), offset_bytes);
}

/**
 * Reads a disk into a target, every chunk verified against its id. Chunks of zeros are left out.
 * @throws Damaged, ChunkMissing; what was written until then is right
 */
export async function readDisk(
  vault: Vault,
  disk: DiskManifest,
  target: DiskTarget,
  { signal, onProgress }: ReadOptions = {},
): Promise<void> {
  const { chunk_bytes } = vault;
  await using reader = await ChunkReader.open(vault);
  const under_way = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let offset = 0;
  try {
    for await (const segment of readSegments(reader, disk))
      for (const id of segment) {
        signal?.throwIfAborted();
        if (failure) throw failure.error;
        const at = offset;
        offset += chunk_bytes;
        if (id === null) continue;
        const slot = await reader.take();
        const copied: Promise<void> = copyTo(target, reader, id, slot, at)
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => {
            reader.giveBack(slot);
            under_way.delete(copied);
          });
        under_way.add(copied);
        onProgress?.({ done_bytes: at, size_bytes: disk.size_bytes });
      }
  } finally {
    await Promise.all(under_way);
  }
  if (failure) throw failure.error;
  onProgress?.({ done_bytes: disk.size_bytes, size_bytes: disk.size_bytes });
}
