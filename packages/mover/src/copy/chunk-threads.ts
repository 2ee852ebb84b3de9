import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { HashName } from "@uniview/repository/chunk/chunk-hash";
import type { FilePlace } from "@uniview/repository/thread/file-place";
import { partOf, slotBytes } from "./slot-part.ts";

/** More threads than this wait for disks and networks. */
const MAX_THREADS = 4;
/** While one chunk of a thread is worked on, the others are read, written, or on their way. */
const SLOTS_PER_THREAD = 4;

/**
 * What is asked of a thread. `identify` and `press` read the chunk first where there is a `from`; `press` packs, too, unless
 * the chunk has the digest `unless`. `store` unpacks what is packed, and writes it where there is a `to`, if it has that digest.
 */
export interface ChunkRequest {
  readonly op: "identify" | "press" | "store";
  readonly hash: HashName;
  readonly slot: number;
  readonly length: number;
  readonly packed_length: number;
  readonly unless?: Uint8Array | undefined;
  readonly from?: FilePlace | undefined;
  readonly to?: (FilePlace & { readonly only: Uint8Array }) | undefined;
}

export interface ChunkReply {
  readonly digest: Uint8Array;
  /** 0: the chunk does not shrink, or was not packed. */
  readonly packed_length: number;
}

/** Room for one chunk, as it is and packed, in memory that a thread sees, too. */
export interface Slot {
  readonly raw: Buffer;
  readonly packed: Buffer;
  readonly thread: number;
  readonly number: number;
}

interface Place {
  readonly shared: SharedArrayBuffer;
  started?: Thread;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: PromiseWithResolvers<ChunkReply>[];
  gone: Error | undefined;
}

/**
 * Threads that hash, pack and unpack. Their slots bound how many chunks are in memory; who finds none free waits. Each transfer has its own:
 * a sender's slots wait for the receiver's, and two movers that send to each other would wait for ever.
 */
export class ChunkThreads implements AsyncDisposable {
  /** Started when they are needed: not every transfer has work for them. */
  readonly #threads: Place[];
  readonly #free: Slot[] = [];
  readonly #waiting: PromiseWithResolvers<Slot>[] = [];
  /** What digests are made by from now on. */
  hash: HashName = "sha256";

  constructor(threads: number = Math.min(availableParallelism(), MAX_THREADS)) {
    this.#threads = Array.from({ length: threads }, () => ({
      shared: new SharedArrayBuffer(slotBytes(SLOTS_PER_THREAD)),
    }));
    // By turns, so that a few chunks are on as many threads.
    for (let number = 0; number < SLOTS_PER_THREAD; number++)
      for (const [thread, { shared }] of this.#threads.entries()) {
        const [raw, packed] = [partOf(shared, number, "raw"), partOf(shared, number, "packed")];
        this.#free.push({ raw, packed, thread, number });
      }
  }

  /** Starts them now: what is about to need them has to wait for something else first. */
  start(): void {
    for (const place of this.#threads) threadOf(place);
  }

  /** Whether who takes a slot now must wait. */
  get full(): boolean {
    return this.#free.length === 0;
  }

  async take(): Promise<Slot> {
    const slot = this.#free.shift();
    if (slot) return slot;
    const asked = Promise.withResolvers<Slot>();
    this.#waiting.push(asked);
    return await asked.promise;
  }

  giveBack(slot: Slot): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(slot);
    else this.#free.push(slot);
  }

  /** The digest of a slot's raw chunk, which the thread may read there itself: that spares two switches between threads. */
  async identify(slot: Slot, length: number, from?: FilePlace): Promise<Buffer> {
    return (await this.#ask(slot, { op: "identify", length, packed_length: 0, from })).digest;
  }

  /** The digest, and the chunk packed into the slot where that is worth it. Not packed when it has the digest `unless`. */
  press(
    slot: Slot,
    length: number,
    { unless, from }: { unless?: Buffer | undefined; from?: FilePlace | undefined },
  ) {
    // A copy: of a view all that is behind it would go to the thread, and behind this is the map of a whole disk.
    const digest = unless && Uint8Array.from(unless);
    return this.#ask(slot, { op: "press", length, packed_length: 0, unless: digest, from });
  }

  /**
   * Unpacks a slot's packed chunk into its raw one, unless `packed_length` is 0; answers the digest of what came out. With `to` the
   * thread writes the chunk, if it has that digest.
   */
  async store(slot: Slot, packed_length: number, length: number, to?: ChunkRequest["to"]): Promise<Buffer> {
    return (await this.#ask(slot, { op: "store", length, packed_length, to })).digest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ started }) => started?.worker.terminate()));
  }

  async #ask(
    slot: Slot,
    request: Omit<ChunkRequest, "slot" | "hash">,
  ): Promise<{ digest: Buffer; packed_length: number }> {
    const place = this.#threads[slot.thread];
    if (!place) throw new RangeError(`no thread ${slot.thread}`);
    const thread = threadOf(place);
    if (thread.gone) throw thread.gone;
    const asked = Promise.withResolvers<ChunkReply>();
    thread.waiting.push(asked);
    thread.worker.postMessage({ ...request, hash: this.hash, slot: slot.number } satisfies ChunkRequest);
    const { digest, packed_length } = await asked.promise;
    return { digest: Buffer.from(digest), packed_length };
  }
}

function threadOf(place: Place): Thread {
  place.started ??= startThread(place.shared);
  return place.started;
}

/** Replies come in the order of the questions. */
function startThread(shared: SharedArrayBuffer): Thread {
  const worker = new Worker(new URL("./chunk-worker.ts", import.meta.url), { workerData: shared });
  const thread: Thread = { worker, waiting: [], gone: undefined };
  const fail = (error: unknown) => {
    thread.gone ??= error instanceof Error ? error : new Error(String(error));
    for (const { reject } of thread.waiting.splice(0)) reject(thread.gone);
  };
  worker.on("message", (reply: ChunkReply | { readonly error: Error }) => {
    const asked = thread.waiting.shift();
    if ("error" in reply) asked?.reject(reply.error);
    else asked?.resolve(reply);
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("a thread of the mover ended")));
  return thread;
}
