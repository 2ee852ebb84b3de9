import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** More threads than this wait for the storage, and cost 60 MB of memory each. */
const MAX_DEFAULT_THREADS = 4;

/** How many threads an operation uses unless it is told otherwise. */
export const defaultThreads = (): number => Math.min(availableParallelism(), MAX_DEFAULT_THREADS);

const ready = new Set<Worker>();

/**
 * Starts threads before it is known what they will work on: they begin while their program loads the rest of itself and opens a repository,
 * which takes about as long. For programs that do one operation and end; threads that nobody takes do not keep them from it.
 */
export function readyThreads(count: number = defaultThreads()): void {
  for (let number = 0; number < count; number++) {
    const worker = newThread();
    worker.unref();
    worker.on("error", () => {}); // who would have taken it starts another
    worker.once("exit", () => ready.delete(worker));
    ready.add(worker);
  }
}

/** A thread of `worker.ts`; its first message says what it will work on. */
export function takeThread(): Worker {
  const [worker] = ready;
  if (!worker) return newThread();
  ready.delete(worker);
  worker.ref();
  return worker;
}

const newThread = (): Worker => new Worker(new URL("./worker.ts", import.meta.url));
