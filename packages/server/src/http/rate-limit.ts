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

/** `too-many-requests`, with when the next try is free. */
export class TooManyRequests extends Problem {
  readonly retry_after_s: number;

  constructor(retry_after_s: number) {
    super("too-many-requests", `Too many tries; wait ${retry_after_s} s.`, {
      remedy: `Try again in ${retry_after_s} s.`,
    });
    this.retry_after_s = retry_after_s;
  }
}

export interface RateLimit {
  /** Takes one try of each key, or throws {@link TooManyRequests}. */
  take(...keys: string[]): void;
  /** Gives the try of each key back: it was a good one, and only bad ones count. */
  giveBack(...keys: string[]): void;
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
    throw new TooManyRequests(wait_s);
  };
  const giveOneBack = (key: string) => {
    const bucket = buckets.get(key);
    if (bucket) bucket.left = Math.min(burst, bucket.left + 1);
  };
  return {
    take: (...keys) => keys.forEach(takeOne),
    giveBack: (...keys) => keys.forEach(giveOneBack),
  };
}
