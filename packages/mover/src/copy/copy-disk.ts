import { ExtentWalk } from "@uniview/repository/operation/disk-source";
import { diskFailure, TransferFailure } from "../failure.ts";
import type { ChunkMap } from "./chunk-map.ts";
import type { ChunkSink, CopyBoard, SourceChunks } from "./chunk-sink.ts";
import type { ChunkThreads, Slot } from "./chunk-threads.ts";
import { CHUNK_BYTES, chunksOf, lengthOf, ZEROS_DIGEST } from "./digest.ts";

/** A target that spoils what it was given so many times is broken. */
const MAX_REPAIRS = 2;

export interface Copy {
  readonly source: SourceChunks;
  readonly sink: ChunkSink;
  /** What is known of the source; kept between attempts, so that nothing is read twice. */
  readonly map: ChunkMap;
  readonly threads: ChunkThreads;
  readonly board: CopyBoard;
  readonly signal: AbortSignal;
}

/** Brings a disk to a sink: only chunks that it does not have are sent, and holes and known chunks are not even read. */
export async function copyDisk(copy: Copy): Promise<void> {
  const { source, sink, map } = copy;
  await sendChunks(copy, numbers(chunksOf(source.size_bytes)));
  for (let repairs = 0; ; repairs++) {
    const wrong = await sink.finish(map);
    if (wrong.length === 0) return;
    if (repairs === MAX_REPAIRS)
      throw new TransferFailure(
        "target",
        "verification-failed",
        `The target does not keep what is written to it: ${wrong.length} chunks differ, the first at byte ${(wrong[0] ?? 0) * CHUNK_BYTES}.`,
      );
    await sendChunks(copy, wrong);
  }
}

async function sendChunks(copy: Copy, chunks: Iterable<number>): Promise<void> {
  const { source, sink, map, threads, board, signal } = copy;
  const extents = new ExtentWalk(source.extents ?? [{ offset_bytes: 0, length_bytes: source.size_bytes }]);
  const under_way = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const start = (task: Promise<void>) => {
    const watched: Promise<void> = task
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => under_way.delete(watched));
    under_way.add(watched);
  };
  try {
    for (const number of chunks) {
      signal.throwIfAborted();
      if (failure) break;
      const length = lengthOf(number, source.size_bytes);
      const offset_bytes = number * CHUNK_BYTES;
      const hole = !(await extents.touches(offset_bytes, length).catch((cause) => {
        throw diskFailure("source", "read", offset_bytes, cause);
      }));
      const digest = hole ? ZEROS_DIGEST : (map.get(number) ?? (await source.digestOf?.(number)));
      const there = await sink.known(number);
      if (digest && there?.equals(digest)) {
        board.skipped(length, digest.equals(ZEROS_DIGEST));
        map.note(number, digest);
        continue;
      }
      const slot = await threads.take();
      const task = hole ? sendZeros(copy, number, length) : sendChunk(copy, number, slot, digest, there);
      start(task.finally(() => threads.giveBack(slot)));
    }
  } finally {
    await Promise.all(under_way);
  }
  if (failure) throw failure.error;
}

async function sendChunk(
  copy: Copy,
  number: number,
  slot: Slot,
  expected: Buffer | undefined,
  there: Buffer | undefined,
): Promise<void> {
  const { source, sink, map, board, signal } = copy;
  const length = lengthOf(number, source.size_bytes);
  const offset_bytes = number * CHUNK_BYTES;
  const { digest, packed_length } = await readChunk(copy, slot, offset_bytes, length, there).catch(
    (cause) => {
      signal.throwIfAborted();
      throw diskFailure("source", "read", offset_bytes, cause);
    },
  );
  board.read(length);
  if (expected && !expected.equals(digest))
    throw new TransferFailure(
      "source",
      "verification-failed",
      `The source changed while it was copied (at ${offset_bytes} bytes): copy a snapshot of it.`,
    );
  map.note(number, digest);
  if (there?.equals(digest)) board.skipped(length, digest.equals(ZEROS_DIGEST));
  else if (digest.equals(ZEROS_DIGEST)) await sendZeros(copy, number, length);
  else await sink.put({ number, length, digest, packed_length }, slot);
}

/** Reads a chunk into a slot, and has it made what the sink wants. */
async function readChunk(
  { source, sink, threads }: Copy,
  slot: Slot,
  offset_bytes: number,
  length: number,
  there: Buffer | undefined,
): Promise<{ digest: Buffer; packed_length: number }> {
  const from = source.fd === undefined ? undefined : { fd: source.fd, offset_bytes };
  if (!from) await source.read(slot.raw.subarray(0, length), offset_bytes);
  if (sink.packs) return await threads.press(slot, length, { unless: there, from });
  return { digest: await threads.identify(slot, length, from), packed_length: 0 };
}

async function sendZeros({ sink, map, board }: Copy, number: number, length: number): Promise<void> {
  map.note(number, ZEROS_DIGEST);
  await sink.putZeros(number);
  board.skipped(length, true);
}

function* numbers(count: number): Generator<number> {
  for (let number = 0; number < count; number++) yield number;
}
