import type { Method } from "../service/service-client.ts";

/** Tries of one call, the first included. */
export const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const REPEATABLE: ReadonlySet<Method> = new Set(["GET", "HEAD", "DELETE"]);
/** A limiter refused the call before anything was done, so any method may come again. */
const TOO_MANY: ReadonlySet<number> = new Set([429]);
/** Somebody between us and the service could not reach it, or the service is not ready. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

export function isRepeatable(method: Method, idempotent: boolean | undefined): boolean {
  return idempotent ?? REPEATABLE.has(method);
}

/** May this answer be asked for again? 503 with `Retry-After` is the service itself saying so, for any method. */
export function isWorthRepeating(
  status: number,
  repeatable: boolean,
  retry_after_ms: number | undefined,
): boolean {
  if (TOO_MANY.has(status)) return true;
  if (status === 503 && retry_after_ms !== undefined) return true;
  return repeatable && AWAY.has(status);
}

/** How long to wait before try number `attempt + 1`: what the site asked for, else doubling with jitter. */
export function pauseBefore(attempt: number, retry_after_ms: number | undefined): number {
  if (retry_after_ms !== undefined) return retry_after_ms;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return pause * (0.5 + Math.random() / 2);
}

/** `Retry-After` holds seconds or a date. */
export function readRetryAfter(header: string | undefined, now_ms: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now_ms);
}
