/** Servers followed one by one; beyond that, readings of changes tell of all of them at once. */
export const MAX_FOLLOWED = 10;

export interface Followed {
  /** Servers to look at again soon. */
  due(): string[];
  /** Look at this one until it settles. */
  add(id: string): void;
  /** What was just read of servers: those that are changing are followed, the others no longer. */
  saw(ids: readonly string[], changing: readonly string[]): void;
  lost(ids: readonly string[]): void;
}

/** A server that was just acted on may not show it yet, so it is looked at for this long at least. */
const AT_LEAST_MS = 6_000;

/** Which servers of a site project are on their way from one state to another. */
export function createFollowed(for_ms: number, now: () => number = Date.now): Followed {
  const followed = new Map<string, { since: number; asked: boolean }>();
  return {
    due() {
      // one that never settles stays known, or it would begin anew with the next reading
      return [...followed].filter(([, { since }]) => now() - since <= for_ms).map(([id]) => id);
    },
    add(id) {
      followed.set(id, { since: now(), asked: true });
    },
    saw(ids, changing) {
      const are_changing = new Set(changing);
      for (const id of ids) {
        const known = followed.get(id);
        if (are_changing.has(id)) {
          if (!known) followed.set(id, { since: now(), asked: false });
        } else if (known && !(known.asked && now() - known.since < AT_LEAST_MS)) followed.delete(id);
      }
    },
    lost(ids) {
      for (const id of ids) followed.delete(id);
    },
  };
}
