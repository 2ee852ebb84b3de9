import { Attempts } from "./attempts.ts";
import { spoolFailure } from "./failure.ts";
import type { FigureBoard } from "./figures.ts";

/** Whom the control plane's next word wakes: new headers, another target, or just "go on". */
export class Renewals {
  #next = Promise.withResolvers<void>();

  announce(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort, { once: true });
      void this.#next.promise.then(() => {
        signal.removeEventListener("abort", abort);
        resolve();
      });
    });
  }
}

export interface Persistence {
  readonly board: FigureBoard;
  readonly renewals: Renewals;
  readonly signal: AbortSignal;
  /** Told of progress by whoever makes it. */
  readonly attempts?: Attempts;
}

/** Tries one side until it works: pauses after outages, waits for the control plane where only it can help. */
export async function persist<T>(
  side: "source" | "target",
  { board, renewals, signal, attempts = new Attempts() }: Persistence,
  attempt: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      signal.throwIfAborted();
      const failure = spoolFailure(cause);
      const { needs } = failure.problem;
      if (needs === "token") attempts.renew(failure);
      board.waits(side, failure.problem);
      if (needs) await renewals.wait(signal);
      if (needs === "token") continue;
      if (needs === "look") attempts.progressed(); // how long to look is the control plane's to say
      await attempts.pause(failure, signal);
    }
  }
}
