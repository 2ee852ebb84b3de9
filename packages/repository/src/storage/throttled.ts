import { setTimeout as sleep } from "node:timers/promises";
import type { Storage } from "./storage.ts";

/**
 * Keeps puts and gets, each by itself, below a rate. A call waits until the bytes before it are paid for, so
 * the rate holds over any few seconds, and a single object goes at once.
 */
export function throttled(
  storage: Storage,
  rate: { readonly bytes_per_s: number },
  pause: (ms: number) => Promise<unknown> = sleep,
): Storage {
  const paceOut = pacer(rate.bytes_per_s, pause);
  const paceIn = pacer(rate.bytes_per_s, pause);
  return {
    async put(name, bytes) {
      await paceOut(bytes.length);
      await storage.put(name, bytes);
    },
    async get(name, range, into) {
      if (range) {
        await paceIn(range.length);
        return storage.get(name, range, into);
      }
      const bytes = await storage.get(name);
      await paceIn(bytes.length);
      return bytes;
    },
    list: (prefix) => storage.list(prefix),
    delete: (name) => storage.delete(name),
    settle: () => storage.settle(),
  };
}

function pacer(bytes_per_s: number, pause: (ms: number) => Promise<unknown>) {
  if (!(bytes_per_s > 0)) throw new RangeError(`bytes_per_s is ${bytes_per_s}: it must be above 0`);
  let free_at = 0;
  return async (size_bytes: number): Promise<void> => {
    const now = performance.now();
    const starts_at = Math.max(now, free_at);
    free_at = starts_at + (size_bytes / bytes_per_s) * 1000;
    if (starts_at > now) await pause(starts_at - now);
  };
}
