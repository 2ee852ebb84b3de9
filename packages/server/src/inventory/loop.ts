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
  let is_woken = false;
  let wakeUp = () => {};
  let failures = 0;

  const wake = () => {
    is_woken = true;
    wakeUp();
  };
  signal.addEventListener("abort", wake, { once: true });
  const pause = (wait_ms: number) =>
    new Promise<void>((resolve) => {
      if (is_woken) return resolve();
      const timer = setTimeout(resolve, wait_ms).unref();
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const run = async () => {
    await Promise.resolve(); // whoever begins several loops knows all of them before the first one works
    while (!signal.aborted) {
      const waiting = asked;
      asked = [];
      is_woken = false;
      const failed = await work().then(
        () => false,
        () => true, // the work itself notes why
      );
      failures = failed ? failures + 1 : 0;
      for (const resolve of waiting) resolve();
      first.resolve();
      const wait_ms = failed ? Math.min(backoff_min_ms * 2 ** (failures - 1), backoff_max_ms) : every_ms;
      await pause(wait_ms * (1 + JITTER * (Math.random() * 2 - 1)));
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
      wake();
      return promise;
    },
    retry() {
      if (failures > 0) wake();
    },
  };
}
