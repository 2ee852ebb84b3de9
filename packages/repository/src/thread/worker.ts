import { parentPort, workerData } from "node:worker_threads";
import { LaneCore, type LaneRequest } from "./lane-core.ts";

/** Answers requests one by one, in the order in which they came. */

const { slots, chunk_bytes } = workerData as { slots: SharedArrayBuffer; chunk_bytes: number };
const core = new LaneCore(slots, chunk_bytes);

parentPort?.on("message", (request: LaneRequest) => {
  try {
    parentPort?.postMessage({ reply: core.run(request) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
