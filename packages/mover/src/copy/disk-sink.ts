import type { TargetDisk } from "../disk/target-disk.ts";
import { diskFailure, TransferFailure } from "../failure.ts";
import type { Throttle } from "../throttle.ts";
import type { ChunkMap } from "./chunk-map.ts";
import type { ChunkSink, CopyBoard, PressedChunk } from "./chunk-sink.ts";
import type { ChunkThreads, Slot } from "./chunk-threads.ts";
import { CHUNK_BYTES, chunksOf, lengthOf, ZEROS_DIGEST } from "./digest.ts";

/** Chunks of a target that are read ahead of the question what it has. */
const AHEAD = 4;

export interface DiskSinkOptions {
  readonly target: TargetDisk;
  /** Of the source: the target may be larger. */
  readonly size_bytes: number;
  /** What is known of the target. */
  readonly map: ChunkMap;
  readonly threads: ChunkThreads;
  readonly board: CopyBoard;
  readonly throttle: Throttle;
  readonly signal: AbortSignal;
  /** Look at what the target has, so that only what differs is written; else all of it is. */
  readonly compare: boolean;
}

/** A disk of this machine as the end of a copy. */
export class DiskSink implements ChunkSink {
  readonly packs = false;
  readonly #options: DiskSinkOptions;
  /** Seen on the disk by this process as the map says. */
  readonly #seen: Uint8Array;
  /** A write of it was begun: a blank disk is not blank there any more. */
  readonly #touched: Uint8Array;
  readonly #ahead = new Map<number, Promise<void>>();

  constructor(options: DiskSinkOptions) {
    this.#options = options;
    this.#seen = new Uint8Array(options.map.chunks);
    this.#touched = new Uint8Array(options.map.chunks);
  }

  async known(chunk: number): Promise<Buffer | undefined> {
    const { map, target, compare } = this.#options;
    const noted = map.get(chunk);
    if (noted) return noted;
    if (target.blank && this.#touched[chunk] === 0) return ZEROS_DIGEST;
    if (!compare || this.#touched[chunk] === 1) return undefined;
    for (let next = chunk; next < Math.min(map.chunks, chunk + AHEAD); next++)
      if (!this.#ahead.has(next) && !map.get(next)) {
        const look = this.#look(next);
        look.catch(() => {}); // seen when it is its turn, unless the copy ends before
        this.#ahead.set(next, look);
      }
    await this.#ahead.get(chunk);
    this.#ahead.delete(chunk);
    return map.get(chunk);
  }

  async put({ number, length, digest }: PressedChunk, slot: Slot): Promise<void> {
    const { target, throttle, signal } = this.#options;
    await throttle(length, signal);
    await this.#overwrite(number, digest, length, () =>
      target.write(slot.raw.subarray(0, length), number * CHUNK_BYTES),
    );
  }

  /** Takes a chunk that came over a wire, packed unless `packed_length` is 0. @throws TransferFailure when it is not what was sent */
  async store({ number, length, digest, packed_length }: PressedChunk, slot: Slot): Promise<void> {
    const { target, threads } = this.#options;
    const offset_bytes = number * CHUNK_BYTES;
    await this.#overwrite(number, digest, length, async () => {
      const to =
        target.fd === undefined ? undefined : { fd: target.fd, offset_bytes, only: Uint8Array.from(digest) };
      const arrived = await threads.store(slot, packed_length, length, to);
      if (!arrived.equals(digest))
        throw new TransferFailure(
          "mover",
          "verification-failed",
          `The chunk at byte ${offset_bytes} arrived damaged: the memory of one of the two movers' machines is not sound.`,
        );
      if (!to) await target.write(slot.raw.subarray(0, length), offset_bytes);
    });
  }

  async #overwrite(
    number: number,
    digest: Buffer,
    length: number,
    write: () => Promise<void>,
  ): Promise<void> {
    const { map, board } = this.#options;
    this.#touch(number);
    await map.forget(number); // until it is whole
    await write().catch((cause) => {
      throw diskFailure("target", "written", number * CHUNK_BYTES, cause);
    });
    map.note(number, digest);
    board.wrote(length);
  }

  async putZeros(number: number): Promise<void> {
    const { target, map, size_bytes } = this.#options;
    if (!target.blank || this.#touched[number] === 1) {
      this.#touch(number);
      await map.forget(number);
      const offset_bytes = number * CHUNK_BYTES;
      await target.zero(offset_bytes, lengthOf(number, size_bytes)).catch((cause) => {
        throw diskFailure("target", "written", offset_bytes, cause);
      });
    }
    map.note(number, ZEROS_DIGEST);
  }

  finish(source: ChunkMap): Promise<readonly number[]> {
    return this.verify(source.chain());
  }

  /**
   * Syncs the disk, compares the chain of what should be there with that of the source, then reads what was written, and compares it.
   * What is wrong is forgotten and answered. @throws TransferFailure when the chains differ
   */
  async verify(chain: Buffer): Promise<readonly number[]> {
    const { target, map, size_bytes, signal } = this.#options;
    await Promise.all([...this.#ahead.values()]);
    for (let chunk = 0; target.blank && chunk < map.chunks; chunk++)
      if (this.#touched[chunk] === 0) map.note(chunk, ZEROS_DIGEST); // zeros that it had anyway were never put
    await target.sync();
    if (!map.chain().equals(chain)) throw chainsDiffer(map.missing());
    const wrong: number[] = [];
    const reading = new Set<Promise<void>>();
    for (let chunk = 0; chunk < chunksOf(size_bytes); chunk++) {
      signal.throwIfAborted();
      if (this.#seen[chunk] === 1 || (target.blank && this.#touched[chunk] === 0)) continue;
      while (reading.size >= AHEAD) await Promise.race(reading);
      const check: Promise<void> = this.#check(chunk, wrong).finally(() => reading.delete(check));
      check.catch(() => {}); // seen by the race, or below
      reading.add(check);
    }
    await Promise.all(reading);
    return wrong.toSorted((a, b) => a - b);
  }

  async #check(chunk: number, wrong: number[]): Promise<void> {
    const { map, board, size_bytes } = this.#options;
    const digest = await this.#digestOf(chunk);
    board.verified(lengthOf(chunk, size_bytes));
    if (map.get(chunk)?.equals(digest)) {
      this.#seen[chunk] = 1;
      return;
    }
    await map.forget(chunk);
    wrong.push(chunk);
  }

  async #look(chunk: number): Promise<void> {
    this.#options.map.note(chunk, await this.#digestOf(chunk));
    this.#seen[chunk] = 1;
  }

  async #digestOf(chunk: number): Promise<Buffer> {
    const { target, threads, size_bytes } = this.#options;
    const slot = await threads.take();
    try {
      const length = lengthOf(chunk, size_bytes);
      const offset_bytes = chunk * CHUNK_BYTES;
      const from = target.fd === undefined ? undefined : { fd: target.fd, offset_bytes };
      if (!from) await target.read(slot.raw.subarray(0, length), offset_bytes);
      return await threads.identify(slot, length, from);
    } catch (cause) {
      throw diskFailure("target", "read", chunk * CHUNK_BYTES, cause);
    } finally {
      threads.giveBack(slot);
    }
  }

  #touch(chunk: number): void {
    this.#touched[chunk] = 1;
    this.#seen[chunk] = 0;
  }
}

function chainsDiffer(missing: number): TransferFailure {
  return new TransferFailure(
    "target",
    "verification-failed",
    missing > 0
      ? `The transfer ended, but ${missing} chunks of the target were never written.`
      : "The transfer ended, but the target has not what the source sent.",
  );
}
