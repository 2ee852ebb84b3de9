import { parentPort, workerData } from "node:worker_threads";
import type { LaneAnswer } from "./lane.ts";
import { LaneCore, type LaneRequest, type LaneSetup } from "./lane-core.ts";

/** Answers requests in the order in which they came, a batch at a time. */

const core = new LaneCore(workerData as LaneSetup);

parentPort?.on("message", (requests: readonly LaneRequest[]) => {
  parentPort?.postMessage(requests.map(answer));
});

function answer(request: LaneRequest): LaneAnswer {
  try {
    return { reply: core.run(request) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
