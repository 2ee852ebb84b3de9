import { parentPort, workerData } from "node:worker_threads";
import type { ChunkReply, ChunkRequest } from "./chunk-threads.ts";
import { identify, pack, readAt, unpack, writeAt } from "./chunk-work.ts";
import { CHUNK_BYTES, NO_DIGEST, ZEROS_DIGEST } from "./digest.ts";

/** Slots as `ChunkThreads` lays them out: raw, packed, raw, packed … */
const shared = Buffer.from(workerData as SharedArrayBuffer);
const raw = (slot: number, length: number) => region(2 * slot, length);
const packed = (slot: number, length: number) => region(2 * slot + 1, length);
const region = (number: number, length: number) =>
  shared.subarray(number * CHUNK_BYTES, number * CHUNK_BYTES + length);

parentPort?.on("message", (request: ChunkRequest) => {
  try {
    parentPort?.postMessage(answer(request));
  } catch (error) {
    parentPort?.postMessage({ error }); // of a disk: the thread goes on
  }
});

function answer({ op, slot, length, packed_length, unless, from, to }: ChunkRequest): ChunkReply {
  const bytes = raw(slot, length);
  if (op === "store") {
    const whole = packed_length === 0 || unpack(packed(slot, packed_length), bytes);
    const digest = whole ? identify(bytes) : NO_DIGEST;
    if (to && digest.equals(to.only)) writeAt(to, bytes);
    return { digest, packed_length };
  }
  if (from) readAt(from, bytes);
  const digest = identify(bytes);
  const skip = op === "identify" || digest.equals(ZEROS_DIGEST) || (unless && digest.equals(unless));
  return { digest, packed_length: skip ? 0 : pack(bytes, packed(slot, CHUNK_BYTES)) };
}
