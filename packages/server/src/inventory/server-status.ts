/** Statuses that a server leaves by itself. */
const PASSING: ReadonlySet<string | null> = new Set([
  "BUILD",
  "REBUILD",
  "REBOOT",
  "HARD_REBOOT",
  "RESIZE",
  "MIGRATING",
  "REVERT_RESIZE",
  "PASSWORD",
]);

/** Statuses by which a reading of changes tells that a server is gone. */
const GONE: ReadonlySet<string | null> = new Set(["DELETED", "SOFT_DELETED"]);

export function isPassing(status: string | null): boolean {
  return PASSING.has(status);
}

export function isGone(status: string | null): boolean {
  return GONE.has(status);
}
