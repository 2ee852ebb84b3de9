import { type EventLoopUtilization, performance } from "node:perf_hooks";

/** Shorter looks say what happened to be going on. */
const LOOK_MS = 100;

/** How busy this thread's event loop was of late, from 0 to 1. Busy until it was seen to be otherwise. */
export class ThreadLoad {
  #since: EventLoopUtilization = performance.eventLoopUtilization();
  #share = 1;

  get share(): number {
    const now = performance.eventLoopUtilization();
    const { idle, active, utilization } = performance.eventLoopUtilization(now, this.#since);
    if (idle + active >= LOOK_MS) {
      this.#share = utilization;
      this.#since = now;
    }
    return this.#share;
  }
}
