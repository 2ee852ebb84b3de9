import {
  LaneCore,
  type LaneReplies,
  type LaneRequest,
  type LaneSetup,
  SLOTS_PER_LANE,
  slotBytes,
  slotsOf,
} from "./lane-core.ts";
import { takeThread } from "./ready-threads.ts";

/** While a thread works through one batch, the next one waits for it. */
const MAX_BATCH = SLOTS_PER_LANE / 2;

/** One request's answer; a batch is answered by as many. */
export interface LaneAnswer {
  readonly reply?: unknown;
  readonly error?: Error;
}

/** What kind of chunks a lane works on. */
export type Work = Omit<LaneSetup, "slots">;

type Reply<R extends LaneRequest> = LaneReplies[R["op"]];

/** The near end of a lane: requests are posted at once, and answered in order. */
export interface Lane {
  readonly slots: readonly Buffer[];
  ask<R extends LaneRequest>(request: R): Promise<Reply<R>>;
  close(): Promise<void>;
}

/** Does the work where it is asked for: for small repositories and for tests. */
export function inlineLane({ chunk_bytes, hash }: Work): Lane {
  const slots = new SharedArrayBuffer(SLOTS_PER_LANE * slotBytes(chunk_bytes));
  const core = new LaneCore({ slots, chunk_bytes, hash });
  return {
    slots: slotsOf(slots, chunk_bytes),
    ask: async <R extends LaneRequest>(request: R) => core.run(request) as Reply<R>,
    async close() {},
  };
}

/** Does the work on a thread of its own. */
export function threadLane({ chunk_bytes, hash }: Work): Lane {
  const slots = new SharedArrayBuffer(SLOTS_PER_LANE * slotBytes(chunk_bytes));
  const setup: LaneSetup = { slots, chunk_bytes, hash };
  const worker = takeThread();
  worker.postMessage(setup);
  const waiting: PromiseWithResolvers<unknown>[] = [];
  let unsent: LaneRequest[] = [];
  let gone: Error | undefined;
  /** What was asked for in one turn of the event loop goes in a few messages: each wakes a thread, here and there. */
  const send = () => {
    for (let from = 0; from < unsent.length; from += MAX_BATCH)
      worker.postMessage(unsent.slice(from, from + MAX_BATCH));
    unsent = [];
  };
  const fail = (error: Error) => {
    gone ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on("message", (answers: readonly LaneAnswer[]) => {
    for (const { reply, error } of answers) {
      const asked = waiting.shift();
      if (error) asked?.reject(error);
      else asked?.resolve(reply);
    }
  });
  worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => fail(new Error("the thread ended")));
  return {
    slots: slotsOf(slots, chunk_bytes),
    ask<R extends LaneRequest>(request: R) {
      if (gone) return Promise.reject(gone);
      const asked = Promise.withResolvers<unknown>();
      waiting.push(asked);
      unsent.push(ownBytes(request));
      // A run of chunks is worth a message, and has its answer when it is done.
      if (request.op === "copy") send();
      else if (unsent.length === 1) setImmediate(send);
      return asked.promise as Promise<Reply<R>>;
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** Who clones a view clones all the memory behind it: behind 32 bytes of a Buffer lies Node's whole pool. */
function ownBytes(request: LaneRequest): LaneRequest {
  if (request.op === "copy") return { ...request, chunks: request.chunks.map(withOwnId) };
  return "id" in request ? withOwnId(request) : request;
}

const withOwnId = <T extends { readonly id: Uint8Array }>(of: T): T => ({ ...of, id: new Uint8Array(of.id) });
