import { setTimeout as delay } from "node:timers/promises";

export interface LoopOptions {
  /** Does the work once. An error makes the next try wait longer. */
  readonly work: () => Promise<void>;
  readonly every_ms: number;
  readonly backoff_min_ms: number;
  readonly backoff_max_ms: number;
  /** Ends the loop. */
  readonly signal: AbortSignal;
}

export interface Loop {
  /** Resolves after the first try, however that went. */
  readonly first: Promise<void>;
  /** Resolves after the loop has ended. */
  readonly ended: Promise<void>;
  /** Does the work now, and resolves after a try that began after this call, however it went. */
  now(): Promise<void>;
  /** Tries again at once if the last try failed. */
  retry(): void;
}

/** Waits vary by this part, so that readers of many sites do not march in step. */
const JITTER = 0.1;

/** Does the work again and again, one at a time, until the signal aborts. */
export function runLoop({ work, every_ms, backoff_min_ms, backoff_max_ms, signal }: LoopOptions): Loop {
  const first = Promise.withResolvers<void>();
  let asked: (() => void)[] = [];
  let wake = new AbortController();
  let failures = 0;

  const run = async () => {
    await Promise.resolve(); // whoever begins several loops knows all of them before the first one works
    while (!signal.aborted) {
      const waiting = asked;
      asked = [];
      wake = new AbortController();
      const failed = await work().then(
        () => false,
        () => true, // the work itself notes why
      );
      failures = failed ? failures + 1 : 0;
      for (const resolve of waiting) resolve();
      first.resolve();
      if (asked.length > 0) continue;
      const wait_ms = failed ? Math.min(backoff_min_ms * 2 ** (failures - 1), backoff_max_ms) : every_ms;
      const jittered = wait_ms * (1 + JITTER * (Math.random() * 2 - 1));
      await delay(jittered, undefined, { signal: AbortSignal.any([signal, wake.signal]), ref: false }).catch(
        () => {},
      );
    }
    first.resolve();
    for (const resolve of asked) resolve();
  };

  const ended = run();
  return {
    first: first.promise,
    ended,
    now() {
      if (signal.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push(resolve);
      wake.abort();
      return promise;
    },
    retry() {
      if (failures > 0) wake.abort();
    },
  };
}
