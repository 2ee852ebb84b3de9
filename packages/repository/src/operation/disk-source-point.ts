import type { DiskManifest } from "../point/recovery-point.ts";
import { decodeSegment, type Segment } from "../point/segment.ts";
import type { Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import type { DiskSource, Extent } from "./disk-source.ts";

/** A segment of 4096 ids has 130 KiB, and stands for 4 GiB of disk. */
const MAX_SEGMENTS = 16;
/** Chunks that small reads are answered from: readers of filesystems ask for 4 KiB at a time. */
const MAX_CHUNKS = 32;

/** A disk of a recovery point, read anywhere without being exported. */
export interface PointDisk extends DiskSource, AsyncDisposable {
  readonly chunk_bytes: number;
  readonly extents: AsyncIterable<Extent>;
  /** The id of a chunk of the disk, null where it is all zeros. Reads no data. */
  idOf(chunk: number): Promise<Buffer | null>;
}

/** Opens a disk for reading; every chunk is verified against its id. Memory: some segments and chunks. */
export async function openPointDisk(vault: Vault, disk: DiskManifest): Promise<PointDisk> {
  const { chunk_bytes, segment_chunks } = vault;
  const reader = await ChunkReader.open(vault);
  const segmentAt = remember(MAX_SEGMENTS, (number) => readSegment(reader, disk, number));
  const chunkAt = remember(MAX_CHUNKS, async (number) => {
    const id = await idOf(number);
    if (id === null) return null;
    const copy = Buffer.allocUnsafeSlow(chunk_bytes);
    return copy.subarray(0, await readChunk(reader, id, (bytes) => bytes.copy(copy)));
  });

  async function idOf(chunk: number): Promise<Buffer | null> {
    const segment = await segmentAt(Math.floor(chunk / segment_chunks));
    return segment[chunk % segment_chunks] ?? null;
  }

  /** A part of one chunk. Whole chunks are read into place, parts through what is remembered. */
  async function readPart(into: Buffer, chunk: number, from: number): Promise<void> {
    const whole = from === 0 && into.length === Math.min(chunk_bytes, disk.size_bytes - chunk * chunk_bytes);
    if (!whole) {
      const bytes = await chunkAt(chunk);
      if (bytes === null) into.fill(0);
      else bytes.copy(into, 0, from, from + into.length);
      return;
    }
    const id = await idOf(chunk);
    if (id === null) into.fill(0);
    else await readChunk(reader, id, (bytes) => bytes.copy(into));
  }

  return {
    size_bytes: disk.size_bytes,
    chunk_bytes,
    idOf,
    async read(into, offset_bytes) {
      const end = offset_bytes + into.length;
      if (end > disk.size_bytes)
        throw new RangeError(`disk ${disk.name} ends at byte ${disk.size_bytes}, not at ${end}`);
      for (let at = offset_bytes; at < end; ) {
        const chunk = Math.floor(at / chunk_bytes);
        const to = Math.min(end, (chunk + 1) * chunk_bytes);
        await readPart(into.subarray(at - offset_bytes, to - offset_bytes), chunk, at - chunk * chunk_bytes);
        at = to;
      }
    },
    extents: {
      async *[Symbol.asyncIterator]() {
        for (const number of disk.segments.keys())
          for (const [index, id] of (await segmentAt(number)).entries()) {
            if (id === null) continue;
            const offset_bytes = (number * segment_chunks + index) * chunk_bytes;
            yield { offset_bytes, length_bytes: Math.min(chunk_bytes, disk.size_bytes - offset_bytes) };
          }
      },
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

async function readSegment(reader: ChunkReader, disk: DiskManifest, number: number): Promise<Segment> {
  const id = disk.segments[number];
  if (id === undefined) throw new RangeError(`disk ${disk.name} has no segment ${number}`);
  let segment: Segment = [];
  await readChunk(reader, Buffer.from(id, "hex"), (bytes) => {
    segment = decodeSegment(bytes);
  });
  return segment;
}

/** Reads a chunk, and uses it while it is in its slot; answers its length. */
async function readChunk(reader: ChunkReader, id: Buffer, use: (bytes: Buffer) => void): Promise<number> {
  const slot = await reader.take();
  try {
    const bytes = await reader.read(id, slot);
    use(bytes);
    return bytes.length;
  } finally {
    reader.giveBack(slot);
  }
}

/** The results of the last so many calls; who asks for what is on its way waits for that. */
function remember<T>(most: number, make: (key: number) => Promise<T>): (key: number) => Promise<T> {
  const known = new Map<number, Promise<T>>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.delete(key);
    known.set(key, found); // the youngest again
    found.catch(() => known.delete(key));
    const oldest = known.keys().next();
    if (known.size > most && !oldest.done) known.delete(oldest.value);
    return found;
  };
}
