import type { SiteUnreachable } from "@uniview/openstack";

/** So many calls in a row without an answer, and the site is not asked again until a probe was answered. */
const FAILURES_TO_OPEN = 5;

/** One per site: keeps a dead site from holding up whoever asks it next. */
export interface Breaker {
  /** A call was answered, with whatever status. */
  answered(): void;
  /** A call got no answer. */
  failed(): void;
  /** A probe found the site dead. */
  trip(why: SiteUnreachable): void;
  readonly open: boolean;
  /** What the last probe said, if that was what opened it. */
  readonly why: SiteUnreachable | undefined;
}

/** @param opened called when calls (not a probe) open it */
export function createBreaker(opened: () => void): Breaker {
  let failures = 0;
  let why: SiteUnreachable | undefined;
  return {
    answered() {
      failures = 0;
      why = undefined;
    },
    failed() {
      failures += 1;
      if (failures === FAILURES_TO_OPEN && !why) opened();
    },
    trip(reason) {
      why = reason;
    },
    get open() {
      return why !== undefined || failures >= FAILURES_TO_OPEN;
    },
    get why() {
      return why;
    },
  };
}
