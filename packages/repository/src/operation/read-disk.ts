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
  /** Compare every chunk's digest with its id, too; else only of chunks that were sealed without a checksum. */
  readonly digests?: boolean;
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

/** A chunk of a disk that is not all zeros. */
interface DiskChunk {
  readonly id: Buffer;
  readonly offset_bytes: number;
}

/** The chunks of a segment, in runs of so many. */
function* runsOf(
  segment: Segment,
  chunk_bytes: number,
  from_bytes: number,
  most: number,
): Generator<DiskChunk[]> {
  let run: DiskChunk[] = [];
  for (const [index, id] of segment.entries()) {
    if (id === null) continue;
    run.push({ id, offset_bytes: from_bytes + index * chunk_bytes });
    if (run.length < most) continue;
    yield run;
    run = [];
  }
  if (run.length > 0) yield run;
}

async function copyTo(target: DiskTarget, reader: ChunkReader, run: readonly DiskChunk[], slot: Slot) {
  const { fd } = target;
  if (fd !== undefined) {
    const chunks = run.map(({ id, offset_bytes }) => ({ id, to: { fd, offset_bytes } }));
    return await reader.copy(chunks, slot);
  }
  for (const { id, offset_bytes } of run) await target.write(await reader.read(id, slot), offset_bytes);
}

/**
 * Reads a disk into a target, every chunk verified by the tag that binds it to its id, and by its checksum or its digest. Chunks of
 * zeros are left out.
 * @throws Damaged, ChunkMissing; what was written until then is right
 */
export async function readDisk(
  vault: Vault,
  disk: DiskManifest,
  target: DiskTarget,
  { digests = false, signal, onProgress }: ReadOptions = {},
): Promise<void> {
  const { chunk_bytes } = vault;
  await using reader = await ChunkReader.open(vault, { digests });
  const run_chunks = target.fd === undefined ? 1 : reader.run_chunks;
  const under_way = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let from_bytes = 0;
  try {
    for await (const segment of readSegments(reader, disk)) {
      for (const run of runsOf(segment, chunk_bytes, from_bytes, run_chunks)) {
        signal?.throwIfAborted();
        if (failure) throw failure.error;
        const slot = await reader.take();
        const copied: Promise<void> = copyTo(target, reader, run, slot)
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => {
            reader.giveBack(slot);
            under_way.delete(copied);
          });
        under_way.add(copied);
        onProgress?.({ done_bytes: run[0]?.offset_bytes ?? from_bytes, size_bytes: disk.size_bytes });
      }
      from_bytes += segment.length * chunk_bytes;
    }
  } finally {
    await Promise.all(under_way);
  }
  if (failure) throw failure.error;
  onProgress?.({ done_bytes: disk.size_bytes, size_bytes: disk.size_bytes });
}
