import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";

/** Hashes on a thread of its own: SHA-512 and MD5 take some milliseconds a chunk, and would hold up every other transfer. */

const shared = Buffer.from(workerData as SharedArrayBuffer);
const sums = { md5: createHash("md5"), sha256: createHash("sha256"), sha512: createHash("sha512") };

parentPort?.on("message", (message: { offset: number; length: number; digest?: Uint8Array } | "end") => {
  if (message === "end") {
    const { md5, sha256, sha512 } = sums;
    parentPort?.postMessage({
      md5: md5.digest("hex"),
      sha256: sha256.digest("hex"),
      sha512: sha512.digest("hex"),
    });
    return;
  }
  const bytes = shared.subarray(message.offset, message.offset + message.length);
  const { digest } = message;
  const intact = digest === undefined || createHash("sha256").update(bytes).digest().equals(digest);
  if (intact) for (const sum of Object.values(sums)) sum.update(bytes);
  parentPort?.postMessage(intact);
});
