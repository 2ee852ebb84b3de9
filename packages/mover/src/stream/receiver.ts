import type { ChunkThreads, Slot } from "../copy/chunk-threads.ts";
import { chunksOf, DIGEST_BYTES, lengthOf } from "../copy/digest.ts";
import type { DiskSink } from "../copy/disk-sink.ts";
import { spoolFailure, TransferFailure } from "../failure.ts";
import { type Frame, KIND, malformed } from "./frame.ts";
import type { Link } from "./link.ts";
import { tellWhatIsThere } from "./tell-what-is-there.ts";

/** A target of which more is wrong is not worth a repair; their list must fit into a frame. */
const MAX_WRONG = 65_536;
const NUMBER_BYTES = 4;

/** Where what arrives goes. */
export type Arrival = Pick<DiskSink, "known" | "store" | "putZeros" | "verify">;

export interface Receiver {
  readonly link: Link;
  readonly sink: Arrival;
  readonly size_bytes: number;
  readonly threads: ChunkThreads;
  readonly signal: AbortSignal;
  /** Remembers that all is there, so that a mover that is killed right after it knows it, too. */
  keep(): Promise<void>;
}

/**
 * Takes what one connection brings to a disk; resolves when the whole disk was verified and the sender was told.
 * @throws TransferFailure when the target fails, which the sender is told, too; what ended the connection otherwise
 */
export async function receiveDisk(receiver: Receiver): Promise<void> {
  const { link, sink, size_bytes, signal, keep } = receiver;
  const storing = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const fail = async (error: unknown) => {
    failure ??= { error };
    await link.sayFailure(spoolFailure(error).problem); // ends the connection, and with it the loop below
  };
  const watch = (task: Promise<void>) => {
    const watched: Promise<void> = task.catch(fail).finally(() => storing.delete(watched));
    storing.add(watched);
  };
  watch(tellWhatIsThere(link, sink, chunksOf(size_bytes)));
  try {
    for (;;) {
      const frame = await link.next();
      signal.throwIfAborted();
      if (frame.kind === KIND.end) {
        const chain = Buffer.from(await link.payload(frame));
        while (storing.size > 0) await Promise.all(storing);
        const wrong = await sink.verify(chain);
        if (wrong.length > MAX_WRONG) throw keepsNothing(wrong.length);
        if (wrong.length === 0) await keep(); // before the sender is told: it never comes again
        await link.send(KIND.wrong, {}, listOf(wrong));
        if (wrong.length === 0) return;
      } else if (frame.kind === KIND.chunk) {
        const slot = await takeChunk(receiver, frame);
        watch(storeChunk(receiver, frame, slot));
      } else if (frame.kind === KIND.zeros) {
        checkChunk(receiver, frame);
        watch(sink.putZeros(frame.chunk).then(() => link.send(KIND.stored, { chunk: frame.chunk })));
      } else throw malformed(`a frame of kind ${frame.kind}`);
    }
  } catch (error) {
    if (failure) throw failure.error; // it ended the connection
    if (error instanceof TransferFailure) await link.sayFailure(error.problem);
    throw error;
  } finally {
    link.close();
    await Promise.all(storing);
  }
}

interface Taken {
  readonly slot: Slot;
  readonly digest: Buffer;
  readonly length: number;
}

/** Takes a chunk off the wire, so that the next frame can be read. */
async function takeChunk(receiver: Receiver, frame: Frame): Promise<Taken> {
  const { link, threads } = receiver;
  checkChunk(receiver, frame);
  const slot = await threads.take();
  try {
    const digest = Buffer.alloc(DIGEST_BYTES);
    const length = frame.length - DIGEST_BYTES;
    await link.fill(digest);
    await link.fill((frame.packed ? slot.packed : slot.raw).subarray(0, length));
    return { slot, digest, length };
  } catch (error) {
    threads.giveBack(slot);
    throw error;
  }
}

async function storeChunk(
  { link, sink, threads }: Receiver,
  { chunk: number, count, packed }: Frame,
  { slot, digest, length }: Taken,
): Promise<void> {
  const busy = threads.full;
  try {
    await sink.store({ number, length: count, digest, packed_length: packed ? length : 0 }, slot);
  } finally {
    threads.giveBack(slot);
  }
  await link.send(KIND.stored, { chunk: number, packed: busy });
}

function checkChunk({ size_bytes }: Receiver, { chunk, count, length, packed, kind }: Frame): void {
  if (chunk >= chunksOf(size_bytes)) throw malformed(`chunk ${chunk}, which the disk does not have`);
  const whole = lengthOf(chunk, size_bytes);
  const fits =
    kind === KIND.zeros
      ? length === 0
      : count === whole && length > DIGEST_BYTES && (packed || length === whole + DIGEST_BYTES);
  if (!fits) throw malformed(`chunk ${chunk} with another length than it has`);
}

function listOf(chunks: readonly number[]): Buffer {
  const list = Buffer.alloc(chunks.length * NUMBER_BYTES);
  for (const [index, chunk] of chunks.entries()) list.writeUInt32BE(chunk, index * NUMBER_BYTES);
  return list;
}

function keepsNothing(count: number): TransferFailure {
  return new TransferFailure(
    "target",
    "verification-failed",
    `The target does not keep what is written to it: ${count} chunks differ.`,
  );
}
