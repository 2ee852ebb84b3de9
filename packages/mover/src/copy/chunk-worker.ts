import { parentPort, workerData } from "node:worker_threads";
import { readPlace, writePlace } from "@uniview/repository/thread/file-place";
import type { ChunkReply, ChunkRequest } from "./chunk-threads.ts";
import { identify, pack, unpack } from "./chunk-work.ts";
import { NO_DIGEST, ZEROS_DIGEST } from "./digest.ts";
import { partOf } from "./slot-part.ts";

const shared = workerData as SharedArrayBuffer;

parentPort?.on("message", (request: ChunkRequest) => {
  try {
    parentPort?.postMessage(answer(request));
  } catch (error) {
    parentPort?.postMessage({ error }); // of a disk: the thread goes on
  }
});

function answer({ op, hash, slot, length, packed_length, unless, from, to }: ChunkRequest): ChunkReply {
  const bytes = partOf(shared, slot, "raw", length);
  if (op === "store") {
    const whole = packed_length === 0 || unpack(partOf(shared, slot, "packed", packed_length), bytes);
    const digest = whole ? identify(bytes, hash) : NO_DIGEST;
    if (to && digest.equals(to.only)) writePlace(bytes, to);
    return { digest, packed_length };
  }
  if (from && !readPlace(bytes, from))
    throw new Error(`the file ends before byte ${from.offset_bytes + length}`);
  const digest = identify(bytes, hash);
  const skip = op === "identify" || digest.equals(ZEROS_DIGEST) || (unless && digest.equals(unless));
  return { digest, packed_length: skip ? 0 : pack(bytes, partOf(shared, slot, "packed")) };
}
