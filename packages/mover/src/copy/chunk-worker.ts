import { parentPort, workerData } from "node:worker_threads";
import type { ChunkReply, ChunkRequest } from "./chunk-threads.ts";
import { identify, pack, unpack } from "./chunk-work.ts";
import { CHUNK_BYTES, DIGEST_BYTES, ZEROS_DIGEST } from "./digest.ts";

/** Slots as `ChunkThreads` lays them out: raw, packed, raw, packed … */
const shared = Buffer.from(workerData as SharedArrayBuffer);
const raw = (slot: number, length: number) => region(2 * slot, length);
const packed = (slot: number, length: number) => region(2 * slot + 1, length);
const region = (number: number, length: number) =>
  shared.subarray(number * CHUNK_BYTES, number * CHUNK_BYTES + length);

parentPort?.on("message", (request: ChunkRequest) => parentPort?.postMessage(answer(request)));

function answer({ op, slot, length, packed_length, unless }: ChunkRequest): ChunkReply {
  if (op === "open") {
    const opened = unpack(packed(slot, packed_length), raw(slot, length));
    return { digest: opened ? identify(raw(slot, length)) : Buffer.alloc(DIGEST_BYTES), packed_length };
  }
  const digest = identify(raw(slot, length));
  const skip = op === "identify" || digest.equals(ZEROS_DIGEST) || (unless && digest.equals(unless));
  return { digest, packed_length: skip ? 0 : pack(raw(slot, length), packed(slot, CHUNK_BYTES)) };
}
