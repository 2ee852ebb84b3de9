import { setTimeout as sleep } from "node:timers/promises";

/** How much may pass at once after a pause. */
const BURST_S = 0.25;
/** No longer than this anybody waits without looking at the plan again. */
const LOOK_AGAIN_MS = 10_000;

/** Delays whoever passes bytes so that on average no more than the limit do. */
export type Throttle = (bytes: number, signal: AbortSignal) => Promise<void>;

/**
 * A token bucket; without a limit it never delays.
 *
 * @param limit bytes per second; a function is asked again and again: the limit may change, and 0 is a pause
 */
export function createThrottle(limit: number | undefined | (() => number | undefined)): Throttle {
  const limitNow = typeof limit === "function" ? limit : () => limit;
  let free_at = performance.now();
  return async (bytes, signal) => {
    for (let left = bytes; left > 0; ) {
      const rate = limitNow();
      if (rate === undefined) return;
      if (rate === 0) {
        await sleep(LOOK_AGAIN_MS, undefined, { signal });
        continue;
      }
      const part = Math.min(left, Math.max(1, (rate * LOOK_AGAIN_MS) / 1000));
      const now = performance.now();
      free_at = Math.max(free_at, now - BURST_S * 1000) + (part / rate) * 1000;
      if (free_at > now) await sleep(free_at - now, undefined, { signal });
      left -= part;
    }
  };
}
