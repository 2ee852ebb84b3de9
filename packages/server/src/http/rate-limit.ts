import { Problem } from "@uniview/api";

export interface RateLimitOptions {
  /** Tries that may come at once. */
  readonly burst: number;
  /** Tries that come back in a minute. */
  readonly per_minute: number;
}

/** Keys remembered at most; beyond it the ones unused for longest are forgotten. */
const MAX_KEYS = 10_000;
const MINUTE_MS = 60_000;

export interface RateLimit {
  /** Takes one try of each key, or throws `too-many-requests`. */
  take(...keys: string[]): void;
}

/** Token buckets in memory: each server process counts for itself. */
export function createRateLimit(
  { burst, per_minute }: RateLimitOptions,
  now: () => number = Date.now,
): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  const takeOne = (key: string) => {
    const bucket = buckets.get(key) ?? { left: burst, at: now() };
    const left = Math.min(burst, bucket.left + ((now() - bucket.at) / MINUTE_MS) * per_minute);
    buckets.delete(key); // and to the end: a Map keeps the order of insertion
    buckets.set(key, { left: Math.max(0, left - 1), at: now() });
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_KEYS && oldest !== undefined) buckets.delete(oldest);
    if (left >= 1) return;
    const wait_s = Math.ceil(((1 - left) / per_minute) * 60);
    throw new Problem("too-many-requests", `Too many tries; wait ${wait_s} s.`, {
      remedy: `Try again in ${wait_s} s.`,
    });
  };
  return { take: (...keys) => keys.forEach(takeOne) };
}
