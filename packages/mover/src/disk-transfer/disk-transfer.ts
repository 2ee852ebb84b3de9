import { mkdir, rm } from "node:fs/promises";
import type { DiskTransferSpec, TransferFigures } from "@uniview/api/mover";
import { ChunkThreads } from "../copy/chunk-threads.ts";
import { spoolFailure, TransferFailure } from "../failure.ts";
import { FigureBoard } from "../figures.ts";
import { Renewals } from "../persist.ts";
import { rateAt } from "../rate-plan.ts";
import { createThrottle } from "../throttle.ts";
import type { MoverSettings, TransferContext } from "./context.ts";
import { copyHere } from "./copy-here.ts";
import { claimFolder, findDiskOutcome, keepDiskOutcome, placesOf } from "./outcome.ts";
import { answerLate, receiveFromPeer } from "./receive-from-peer.ts";
import { sendToPeer } from "./send-to-peer.ts";
import { uploadImage } from "./upload-image.ts";
import { writeToPoint } from "./write-to-point.ts";

/** One disk on its way, from and to wherever disks are. What it knows is in its folder: after a kill it goes on there. */
export class DiskTransfer {
  readonly #id: string;
  readonly #dir: string;
  readonly #settings: MoverSettings;
  readonly #board: FigureBoard;
  readonly #renewals = new Renewals();
  #spec: DiskTransferSpec;
  #stop = new AbortController();
  #running: Promise<void>;

  constructor(id: string, dir: string, spec: DiskTransferSpec, settings: MoverSettings) {
    this.#id = id;
    this.#dir = dir;
    this.#settings = settings;
    this.#board = new FigureBoard(id);
    this.#spec = spec;
    this.#running = this.#run();
  }

  figures(): TransferFigures {
    return this.#board.figures();
  }

  after(since: number, wait_ms: number): Promise<TransferFigures> {
    return this.#board.after(since, wait_ms);
  }

  /** New headers, another rate, or just once more: whoever waits goes on, and what failed begins where it stopped. */
  async resume(spec: DiskTransferSpec): Promise<void> {
    const elsewhere = placesOf(spec) !== placesOf(this.#spec);
    if (elsewhere && this.#board.state !== "failed" && this.#board.state !== "cancelled")
      throw new TransferFailure(
        "mover",
        "invalid-input",
        "The transfer goes elsewhere; end it first, or give the other one a name of its own.",
      );
    this.#spec = spec;
    const { state } = this.#board;
    if (state === "failed" || state === "cancelled") {
      const ended = this.#running;
      await ended;
      if (ended === this.#running) {
        this.#stop = new AbortController();
        this.#board.begin();
        this.#running = this.#run();
      }
    }
    this.#board.goesOn("source");
    this.#board.goesOn("target");
    this.#renewals.announce();
  }

  async end(spool: "drop" | "keep"): Promise<void> {
    this.#stop.abort(new Error("the transfer was ended on request"));
    await this.#running;
    if (spool === "drop") await rm(this.#dir, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    try {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 });
      await claimFolder(this.#dir, this.#spec);
      const bytes_total = await this.#moveOnce(signal);
      const { source } = this.#spec;
      if (source.kind === "peer")
        await this.#with(signal, (context) => answerLate(source, bytes_total, context));
    } catch (cause) {
      if (this.#board.state === "succeeded") return; // only late answers were ended
      if (signal.aborted) this.#board.cancel();
      else this.#board.fail(spoolFailure(cause).problem);
    }
  }

  /** Moves the disk, unless that was done before; answers its size. */
  async #moveOnce(signal: AbortSignal): Promise<number> {
    const board = this.#board;
    const before = await findDiskOutcome(this.#dir);
    if (!before) board.point = await this.#with(signal, move);
    else {
      board.bytes_total = before.bytes_total;
      board.point = before.point;
      board.checksums = before.checksums;
    }
    const { point, checksums } = board;
    const bytes_total = board.bytes_total ?? 0;
    if (!before) await keepDiskOutcome(this.#dir, { bytes_total, point, checksums });
    board.succeed(checksums);
    return bytes_total;
  }

  async #with<T>(signal: AbortSignal, use: (context: TransferContext) => Promise<T>): Promise<T> {
    await using threads = new ChunkThreads();
    return await use({
      id: this.#id,
      dir: this.#dir,
      spec: () => this.#spec,
      board: this.#board,
      renewals: this.#renewals,
      threads,
      throttle: createThrottle(() => rateAt(this.#spec.rate, Date.now())),
      settings: this.#settings,
      signal,
    });
  }
}

/** Each way a disk can go; answers the recovery point that came of it, if one did. */
async function move(context: TransferContext): Promise<string | null> {
  const { source, target } = context.spec();
  switch (target.kind) {
    case "peer":
      await sendToPeer(target, context);
      return null;
    case "image":
      await uploadImage(context);
      return null;
    case "point": {
      const { point, size_bytes } = await writeToPoint(target, context);
      context.board.bytes_total = size_bytes;
      return point;
    }
    case "file":
    case "device":
      if (source.kind === "peer") await receiveFromPeer(source, target, context);
      else await copyHere(target, context);
      return null;
  }
}
