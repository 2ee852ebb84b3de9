import { type ChecksumThread, SLOTS } from "./checksums.ts";
import { spoolFailure } from "./failure.ts";
import { type Spool, type SpooledChunk, ZEROS } from "./spool.ts";

/**
 * The spool's chunks in order, each compared with the digest of what the source sent, and added to the checksums.
 * Waits for those that are still to come. A yielded chunk is good until the next is asked for.
 *
 * @param repair reads a chunk again into the spool that the disk spoiled
 */
export async function* verifiedChunks(
  spool: Spool,
  thread: ChecksumThread,
  repair: (chunk: SpooledChunk, signal: AbortSignal) => Promise<void>,
  stopped: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const over = new AbortController();
  const signal = AbortSignal.any([stopped, over.signal]);
  const load = async (index: number): Promise<Uint8Array | null> => {
    if (!(await spool.has(index, signal))) return null;
    const chunk = spool.chunk(index);
    if (chunk.zero) {
      await thread.add("zeros", chunk.length, chunk.digest);
      return ZEROS.subarray(0, chunk.length);
    }
    const slot = index % SLOTS;
    const buffer = thread.slots[slot];
    if (!buffer) throw new RangeError(`no slot ${slot}`);
    await readSpool(spool, chunk, buffer);
    while (!(await thread.add(slot, chunk.length, chunk.digest))) {
      signal.throwIfAborted();
      await repair(chunk, signal);
      await readSpool(spool, chunk, buffer);
    }
    return buffer.subarray(0, chunk.length);
  };

  let next = load(0);
  try {
    for (let index = 0; ; index++) {
      const bytes = await next;
      if (bytes === null) return;
      next = load(index + 1);
      next.catch(() => {}); // seen when it is this chunk's turn
      yield bytes;
    }
  } finally {
    over.abort();
    await next.catch(() => {}); // the thread and the slots are free again
  }
}

async function readSpool(spool: Spool, chunk: SpooledChunk, into: Buffer): Promise<void> {
  try {
    await spool.read(chunk, into);
  } catch (cause) {
    throw spoolFailure(cause);
  }
}
