import { setTimeout as sleep } from "node:timers/promises";
import { ObjectMissing, type Storage, type StoredObject } from "./storage.ts";
import { StorageRefused } from "./storage-refused.ts";

export interface Patience {
  /** How often a call is tried in all. */
  readonly attempts?: number;
  /** Before the second attempt; doubles with each further one. */
  readonly first_pause_ms?: number;
  readonly signal?: AbortSignal;
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;

/** Tries failed calls again. Every call of a storage may be repeated, so nothing has to be known about how it failed. */
export function retrying(storage: Storage, patience: Patience = {}): Storage {
  const { attempts = ATTEMPTS, first_pause_ms = FIRST_PAUSE_MS, signal } = patience;

  const persist = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (attempt >= attempts || isFinal(error) || signal?.aborted) throw error;
        await sleep(first_pause_ms * 2 ** (attempt - 1), undefined, signal ? { signal } : {});
      }
    }
  };
  return {
    put: (name, bytes) => persist(() => storage.put(name, bytes)),
    get: (name, range, into) => persist(() => storage.get(name, range, into)),
    delete: (name) => persist(() => storage.delete(name)),
    settle: () => persist(() => storage.settle()),
    async *list(prefix) {
      // A listing that broke off begins anew: half of one must not pass for a whole one.
      const objects = await persist(async () => {
        const found: StoredObject[] = [];
        for await (const object of storage.list(prefix)) found.push(object);
        return found;
      });
      yield* objects;
    },
  };
}

/** Answers, not failures: asking again would not change them. */
const isFinal = (error: unknown) =>
  error instanceof ObjectMissing || error instanceof RangeError || error instanceof StorageRefused;
