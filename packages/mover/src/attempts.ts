import { setTimeout as sleep } from "node:timers/promises";
import type { TransferFailure } from "./failure.ts";

/** A mover bridges short outages by itself; a longer one is the job's to wait for, where people see it. */
const MAX_FAILURES_IN_A_ROW = 7;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A side that refuses so many new tokens in a row does not want us. */
const MAX_RENEWALS_IN_A_ROW = 4;

/** Counts the failures of one side since it last moved anything, and paces the next try. */
export class Attempts {
  #failures = 0;
  #renewals = 0;

  progressed(): void {
    this.#failures = 0;
    this.#renewals = 0;
  }

  /** Allows to ask for another token. @throws the failure itself when enough were refused */
  renew(failure: TransferFailure): void {
    this.#renewals++;
    if (this.#renewals > MAX_RENEWALS_IN_A_ROW) throw failure;
  }

  /** Waits before the next try. @throws the failure itself when trying on makes no sense */
  async pause(failure: TransferFailure, signal: AbortSignal): Promise<void> {
    this.#failures++;
    if (!failure.problem.retryable || this.#failures >= MAX_FAILURES_IN_A_ROW) throw failure;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal });
  }
}
