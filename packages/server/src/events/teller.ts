import { setTimeout as delay } from "node:timers/promises";
import type { Told } from "./told.ts";

/** A change is told at once; those that come right after it wait this long, for they seldom come alone. */
const GATHER_MS = 100;

export interface Teller {
  /** Resolves when it is told, after everything that was to be told before. */
  tell(told: Told): Promise<void>;
  /** Resolves when nothing waits to be told. */
  settled(): Promise<void>;
}

/** Tells many changes in few goes: fifty sites that are read at once would else cost a thousand statements. */
export function createTeller(send: (told: readonly Told[]) => Promise<void>): Teller {
  let waiting: { readonly told: Told; readonly done: PromiseWithResolvers<void> }[] = [];
  let telling: Promise<void> | undefined;

  const tellAll = async () => {
    await Promise.resolve(); // whoever tells several in one go tells them together
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const sent = send(batch.map(({ told }) => told));
      for (const { done } of batch) done.resolve(sent);
      await sent.catch(() => {}); // those who told hear of it
      await delay(GATHER_MS);
    }
    telling = undefined;
  };

  return {
    tell(told) {
      if (told.changes.length === 0) return Promise.resolve();
      const done = Promise.withResolvers<void>();
      waiting.push({ told, done });
      telling ??= tellAll();
      return done.promise;
    },
    settled: async () => telling,
  };
}
