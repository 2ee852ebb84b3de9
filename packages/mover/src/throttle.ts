import { setTimeout as sleep } from "node:timers/promises";

/** How much may pass at once after a pause. */
const BURST_S = 0.25;

/** Delays whoever passes bytes so that on average no more than the limit do. */
export type Throttle = (bytes: number, signal: AbortSignal) => Promise<void>;

/** A token bucket; without a limit it never delays. */
export function createThrottle(limit_bytes_per_s: number | undefined): Throttle {
  if (limit_bytes_per_s === undefined) return async () => {};
  let free_at = performance.now();
  return async (bytes, signal) => {
    const now = performance.now();
    free_at = Math.max(free_at, now - BURST_S * 1000) + (bytes / limit_bytes_per_s) * 1000;
    if (free_at > now) await sleep(free_at - now, undefined, { signal });
  };
}
