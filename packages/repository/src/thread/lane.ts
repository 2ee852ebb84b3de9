import { Worker } from "node:worker_threads";
import {
  LaneCore,
  type LaneReplies,
  type LaneRequest,
  SLOTS_PER_LANE,
  slotBytes,
  slotsOf,
} from "./lane-core.ts";

type Reply<R extends LaneRequest> = LaneReplies[R["op"]];

/** The near end of a lane: requests are posted at once, and answered in order. */
export interface Lane {
  readonly slots: readonly Buffer[];
  ask<R extends LaneRequest>(request: R): Promise<Reply<R>>;
  close(): Promise<void>;
}

/** Does the work where it is asked for: for small repositories and for tests. */
export function inlineLane(chunk_bytes: number): Lane {
  const shared = new SharedArrayBuffer(SLOTS_PER_LANE * slotBytes(chunk_bytes));
  const core = new LaneCore(shared, chunk_bytes);
  return {
    slots: slotsOf(shared, chunk_bytes),
    ask: async <R extends LaneRequest>(request: R) => core.run(request) as Reply<R>,
    async close() {},
  };
}

/** Does the work on a thread of its own. */
export function threadLane(chunk_bytes: number): Lane {
  const shared = new SharedArrayBuffer(SLOTS_PER_LANE * slotBytes(chunk_bytes));
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { slots: shared, chunk_bytes },
  });
  const waiting: PromiseWithResolvers<unknown>[] = [];
  let gone: Error | undefined;
  const fail = (error: Error) => {
    gone ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on("message", ({ reply, error }: { reply: unknown; error?: Error }) => {
    const asked = waiting.shift();
    if (error) asked?.reject(error);
    else asked?.resolve(reply);
  });
  worker.on("error", (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => fail(new Error("the thread ended")));
  return {
    slots: slotsOf(shared, chunk_bytes),
    ask<R extends LaneRequest>(request: R) {
      if (gone) return Promise.reject(gone);
      const asked = Promise.withResolvers<unknown>();
      waiting.push(asked);
      worker.postMessage(request);
      return asked.promise as Promise<Reply<R>>;
    },
    async close() {
      await worker.terminate();
    },
  };
}
