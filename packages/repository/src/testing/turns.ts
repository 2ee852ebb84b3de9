import type { Storage, StoredObject } from "../storage/storage.ts";

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function drawer(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Lets several who use a storage at once take turns, call by call, in an order that follows from what is drawn. Whoever had the turn
 * keeps it with the probability `sticky`: with a high one, some sleep while others do all of their work.
 */
export class Turns {
  readonly #waiting = new Map<string, () => void>();
  readonly #draw: () => number;
  readonly #sticky: number;
  #last = "";

  constructor(draw: () => number, sticky: number) {
    this.#draw = draw;
    this.#sticky = sticky;
  }

  /** The storage as one of them sees it. Their calls wait one behind the other. */
  storageOf(who: string, storage: Storage): Storage {
    let before: Promise<void> = Promise.resolve();
    const turn = () => {
      before = before.then(() => new Promise<void>((go) => this.#waiting.set(who, go)));
      return before;
    };
    const act = async <T>(call: () => Promise<T>): Promise<T> => {
      await turn();
      return call();
    };
    return {
      put: (name, bytes) => act(() => storage.put(name, bytes)),
      get: (name, range, into) => act(() => storage.get(name, range, into)),
      delete: (name) => act(() => storage.delete(name)),
      settle: () => act(() => storage.settle()),
      async *list(prefix) {
        const found = await act(async () => {
          const objects: StoredObject[] = [];
          for await (const object of storage.list(prefix)) objects.push(object);
          return objects;
        });
        yield* found;
      },
    };
  }

  /** Gives turns until all are done. */
  async run(work: readonly Promise<unknown>[]): Promise<void> {
    let done = false;
    const all = Promise.allSettled(work).then(() => {
      done = true;
    });
    while (!done) {
      // Nobody has timers or threads: after one round of the event loop everyone waits for a turn, or is done.
      await new Promise((resolve) => setImmediate(resolve));
      const names = [...this.#waiting.keys()];
      const next =
        this.#waiting.has(this.#last) && this.#draw() < this.#sticky
          ? this.#last
          : names[Math.floor(this.#draw() * names.length)];
      if (next === undefined) continue;
      const go = this.#waiting.get(next);
      this.#waiting.delete(next);
      this.#last = next;
      go?.();
    }
    await all;
  }
}
