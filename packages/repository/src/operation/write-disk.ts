import type { DiskManifest } from "../point/recovery-point.ts";
import { encodeSegment } from "../point/segment.ts";
import type { WriteSession } from "../session/write-session.ts";
import type { Vault } from "../vault.ts";
import { type DiskSource, type Extent, ExtentWalk } from "./disk-source.ts";

export interface DiskProgress {
  readonly done_bytes: number;
  readonly size_bytes: number;
}

export interface WriteDiskOptions {
  /** What may differ from `parent`, ascending; the rest is taken from there without being read. */
  readonly changed?: {
    readonly since: AsyncIterable<readonly (Buffer | null)[]>;
    readonly extents: Iterable<Extent> | AsyncIterable<Extent>;
  };
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DiskProgress) => void) | undefined;
}

const EVERYTHING: Extent[] = [{ offset_bytes: 0, length_bytes: Number.MAX_SAFE_INTEGER }];

/** Adds a disk's chunks and segments to a session. Memory is that of the slots and of one segment, whatever the disk's size. */
export async function writeDisk(
  vault: Vault,
  session: WriteSession,
  name: string,
  source: DiskSource,
  { changed, signal, onProgress }: WriteDiskOptions = {},
): Promise<DiskManifest> {
  const { chunk_bytes, segment_chunks } = vault;
  const { size_bytes } = source;
  if (!Number.isSafeInteger(size_bytes) || size_bytes < 0)
    throw new RangeError(`disk ${name} has size_bytes ${size_bytes}: it must be a whole number`);
  const data = new ExtentWalk(source.extents ?? EVERYTHING);
  const differs = new ExtentWalk(changed?.extents ?? EVERYTHING);
  const since = changed?.since[Symbol.asyncIterator]();
  const segments: string[] = [];
  let data_bytes = 0;

  /** The id that a chunk has by what is known without reading it; undefined: it must be read. */
  const known = async (offset: number, length: number, before: Buffer | null | undefined) => {
    if (!(await data.touches(offset, length))) return null;
    if (before === undefined || (await differs.touches(offset, length))) return undefined;
    return before === null || session.packer.has(before) ? before : undefined;
  };

  for (let at = 0; at < size_bytes; at += chunk_bytes * segment_chunks) {
    signal?.throwIfAborted();
    session.checkAlive();
    const { value: before } = (await since?.next()) ?? { value: undefined };
    const chunks = Math.min(segment_chunks, Math.ceil((size_bytes - at) / chunk_bytes));
    const ids = new Array<Buffer | null>(chunks).fill(null);
    const under_way: Promise<void>[] = [];
    try {
      for (let index = 0; index < chunks; index++) {
        const offset = at + index * chunk_bytes;
        const length = Math.min(chunk_bytes, size_bytes - offset);
        if (offset + length <= data.untouched_to) continue; // a hole, passed without waiting: disks of terabytes have millions
        signal?.throwIfAborted();
        const id = await known(offset, length, before?.[index]);
        if (id !== undefined) {
          ids[index] = id;
          continue;
        }
        const slot = await session.packer.take();
        const added = addChunk(session, source, slot, offset, length).then((found) => {
          ids[index] = found;
        });
        added.catch(() => {}); // seen below
        under_way.push(added);
        onProgress?.({ done_bytes: offset, size_bytes });
      }
    } finally {
      await Promise.allSettled(under_way); // nobody uses the session's buffers any more
    }
    await Promise.all(under_way);
    for (const [index, id] of ids.entries())
      if (id !== null) data_bytes += Math.min(chunk_bytes, size_bytes - at - index * chunk_bytes);
    segments.push((await addSegment(session, ids)).toString("hex"));
  }
  onProgress?.({ done_bytes: size_bytes, size_bytes });
  return { name, size_bytes, data_bytes, segments };
}

type Slot = Awaited<ReturnType<WriteSession["packer"]["take"]>>;

async function addChunk(
  session: WriteSession,
  source: DiskSource,
  slot: Slot,
  offset: number,
  length: number,
): Promise<Buffer | null> {
  const { fd } = source;
  if (fd !== undefined) return session.packer.add(slot, length, "data", { fd, offset_bytes: offset });
  try {
    await source.read(slot.bytes.subarray(0, length), offset);
  } catch (error) {
    session.packer.giveBack(slot);
    throw error;
  }
  return session.packer.add(slot, length, "data");
}

async function addSegment(session: WriteSession, ids: readonly (Buffer | null)[]): Promise<Buffer> {
  const slot = await session.packer.take();
  const bytes = encodeSegment(ids);
  bytes.copy(slot.bytes);
  const id = await session.packer.add(slot, bytes.length, "segment");
  if (id === null) throw new Error("a segment cannot be all zeros: it begins with its count");
  return id;
}
