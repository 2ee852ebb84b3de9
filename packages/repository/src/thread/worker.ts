import { parentPort } from "node:worker_threads";
import type { LaneAnswer } from "./lane.ts";
import { LaneCore, type LaneRequest, type LaneSetup } from "./lane-core.ts";

/** Answers requests in the order in which they came, a batch at a time. What it is for is the first message. */

parentPort?.once("message", (setup: LaneSetup) => {
  const core = new LaneCore(setup);
  parentPort?.on("message", (requests: readonly LaneRequest[]) => {
    parentPort?.postMessage(requests.map((request) => answer(core, request)));
  });
});

function answer(core: LaneCore, request: LaneRequest): LaneAnswer {
  try {
    return { reply: core.run(request) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
