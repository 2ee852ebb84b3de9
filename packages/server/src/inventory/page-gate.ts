import { setTimeout as delay } from "node:timers/promises";

export interface PageGate {
  /** Runs one piece of work when there is room. */
  pass<T>(work: () => Promise<T>): Promise<T>;
}

/** Pages in memory at once, over all sites: a page of 1000 servers is 2.4 MB of text and as much again as objects. */
const PAGES_IN_FLIGHT = 8;
/** A site that takes longer gives its place away, so that slow sites never hold all of them. */
const PLACE_FOR_MS = 2_000;

/**
 * Bounds how many pages are under way, without letting a site that hangs delay others: a place is held for a short
 * time at most, and whoever takes longer goes on without one.
 */
export function createPageGate(
  places: number = PAGES_IN_FLIGHT,
  place_for_ms: number = PLACE_FOR_MS,
): PageGate {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    async pass(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      const done = new AbortController();
      const patience = delay(place_for_ms, undefined, { ref: false, signal: done.signal }).catch(() => {});
      void patience.then(leave);
      try {
        return await work();
      } finally {
        done.abort();
      }
    },
  };
}
