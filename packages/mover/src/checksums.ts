import { Worker } from "node:worker_threads";
import type { Checksums } from "@uniview/api/mover";
import { CHUNK_BYTES } from "./spool.ts";

/** While one chunk is on its way to the target, the next is read and hashed. */
export const SLOTS = 2;

/** The checksums of one upload, chunk by chunk in order. One question at a time. */
export class ChecksumThread {
  /** Buffers that the thread sees too; the one after them holds zeros. */
  readonly slots: readonly Buffer[];
  readonly #worker: Worker;
  #answer: ((value: unknown) => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor() {
    const shared = new SharedArrayBuffer(CHUNK_BYTES * (SLOTS + 1));
    this.slots = Array.from({ length: SLOTS }, (_, slot) =>
      Buffer.from(shared, slot * CHUNK_BYTES, CHUNK_BYTES),
    );
    this.#worker = new Worker(new URL("./checksum-worker.ts", import.meta.url), { workerData: shared });
    this.#worker.on("message", (value) => this.#answer?.(value));
    this.#worker.on("error", (error) => this.#fail?.(error));
  }

  /** Adds a chunk; false, and not added, when its bytes do not have this digest. Without one they are taken as they are. */
  async add(slot: number | "zeros", length: number, digest?: Buffer): Promise<boolean> {
    const offset = (slot === "zeros" ? SLOTS : slot) * CHUNK_BYTES;
    return (await this.#ask({ offset, length, digest })) === true;
  }

  async end(): Promise<Checksums> {
    return (await this.#ask("end")) as Checksums;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(message: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
      this.#worker.postMessage(message);
    });
  }
}
