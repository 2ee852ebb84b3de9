import { rm } from "node:fs/promises";
import type { Checksums, TransferFigures, TransferSpec } from "@uniview/api/mover";
import { Attempts } from "./attempts.ts";
import { ChecksumThread } from "./checksums.ts";
import { type Download, fillSpool, readAgain } from "./download.ts";
import { spoolFailure, TransferFailure } from "./failure.ts";
import { FigureBoard } from "./figures.ts";
import { findOutcome, keepOutcome } from "./outcome.ts";
import { persist, Renewals } from "./persist.ts";
import { Source } from "./source.ts";
import { Spool } from "./spool.ts";
import { upload } from "./target.ts";
import { createThrottle } from "./throttle.ts";
import { verifiedChunks } from "./verified-chunks.ts";

/**
 * One image on its way. Two loops side by side: one fills the spool from the source, the other feeds the target from the
 * spool, and each goes through its side's outages alone: a lost source does not end the upload, a lost target not the
 * reading. Memory: some chunks, whatever the size.
 */
export class Transfer {
  readonly #dir: string;
  readonly #allow_link_local: boolean;
  readonly #board: FigureBoard;
  #spec: TransferSpec;
  #stop = new AbortController();
  #running: Promise<void>;
  /** How far any upload came: one that comes further is progress, whatever the one before it did. */
  #furthest = 0;
  readonly #renewals = new Renewals();

  constructor(id: string, dir: string, spec: TransferSpec, allow_link_local: boolean) {
    this.#dir = dir;
    this.#allow_link_local = allow_link_local;
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

  /** New headers, another target, or just once more: whoever waits goes on, and what ended begins again. */
  async resume(spec: TransferSpec): Promise<void> {
    const other_target = spec.target?.url !== this.#spec.target?.url;
    this.#spec = spec;
    const { state } = this.#board;
    if (
      state === "failed" ||
      state === "cancelled" ||
      (state === "succeeded" && spec.target && other_target)
    ) {
      const ended = this.#running;
      await ended;
      if (ended === this.#running) this.#begin(); // else another request was faster
    }
    this.#board.goesOn("source");
    this.#board.goesOn("target");
    this.#renewals.announce();
  }

  #begin(): void {
    this.#stop = new AbortController();
    this.#board.begin();
    this.#running = this.#run();
  }

  async end(spool: "drop" | "keep"): Promise<void> {
    this.#stop.abort(new Error("the transfer was ended on request"));
    await this.#running;
    if (spool === "drop") await rm(this.#dir, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    try {
      const before = await findOutcome(this.#dir, this.#spec);
      if (before) {
        this.#board.bytes_total = before.bytes_total;
        this.#board.zero_bytes = before.zero_bytes;
        this.#board.succeed(before.checksums);
        return;
      }
      await this.#copy();
    } catch (cause) {
      if (signal.aborted && !(signal.reason instanceof TransferFailure)) this.#board.cancel();
      else this.#board.fail(spoolFailure(signal.aborted ? signal.reason : cause).problem);
    }
  }

  async #copy(): Promise<void> {
    const { signal } = this.#stop;
    const spool = await Spool.open(this.#dir, this.#spec.source.url);
    const source = new Source(this.#spec.source, this.#allow_link_local);
    const board = this.#board;
    const note = () => {
      board.bytes_total = spool.size_bytes;
      board.bytes_spooled = spool.length_bytes;
      board.zero_bytes = spool.zero_bytes;
    };
    note();
    const attempts = new Attempts();
    const download: Download = {
      source,
      spool,
      throttle: createThrottle(this.#spec.limit_bytes_per_s),
      expected_bytes: this.#spec.size_bytes,
      signal,
      onBytes: (bytes) => board.read(bytes),
      onChunk: () => {
        attempts.progressed();
        board.goesOn("source");
        note();
      },
    };
    const read = () => fillSpool(this.#spec.source, download);
    const uploads = new Attempts();
    const send = () => this.#deliver(download, uploads);
    const how = { board, renewals: this.#renewals, signal };
    const both = [
      persist("source", { ...how, attempts }, read),
      persist("target", { ...how, attempts: uploads }, send),
    ] as const;
    // the first failure stops the other loop; both must have ended before the files are closed
    for (const loop of both) loop.catch((failure) => this.#stop.abort(spoolFailure(failure)));
    const [, sending] = await Promise.allSettled(both);
    await source.close();
    await spool.close();
    signal.throwIfAborted();
    if (sending.status === "rejected") throw sending.reason;
    note();
    const bytes_total = spool.size_bytes ?? 0;
    const target = this.#spec.target?.url ?? null;
    const { zero_bytes } = spool;
    await keepOutcome(this.#dir, {
      source: this.#spec.source.url,
      target,
      bytes_total,
      zero_bytes,
      checksums: sending.value,
    });
    board.succeed(sending.value);
  }

  async #deliver(download: Download, attempts: Attempts): Promise<Checksums> {
    const { spool, signal } = download;
    const { target, limit_bytes_per_s } = this.#spec;
    const board = this.#board;
    const size_bytes = await spool.knownSize(signal);
    const throttle = createThrottle(limit_bytes_per_s);
    const thread = new ChecksumThread();
    const repair: Parameters<typeof verifiedChunks>[2] = (chunk, over) =>
      readAgain(this.#spec.source, chunk, download, over);
    let sent = 0;
    const count = (bytes: number) => {
      sent += bytes;
      board.sent(bytes);
      board.goesOn("target");
      if (sent <= this.#furthest) return;
      this.#furthest = sent;
      attempts.progressed();
    };
    async function* counted() {
      for await (const bytes of verifiedChunks(spool, thread, repair, signal)) {
        await throttle(bytes.length, signal);
        yield bytes;
        count(bytes.length);
      }
    }
    try {
      board.beginUpload();
      if (target) await upload(target, size_bytes, counted(), this.#allow_link_local, signal);
      else for await (const _ of counted());
      return await thread.end();
    } finally {
      await thread.close();
    }
  }
}
