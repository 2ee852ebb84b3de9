import { setTimeout as delay } from "node:timers/promises";
import type { PlannedStep, Progress } from "./definition.ts";
import type { Desk, JobEnd, Phase } from "./desk.ts";
import { isRetryable } from "./failures.ts";
import type { JobReader } from "./job-reader.ts";
import type { JobWriter } from "./job-writer.ts";
import type { Slots } from "./slots.ts";
import { StepMeter } from "./step-figures.ts";
import type { JobProblem } from "./tables.ts";

/** Progress of a job is written at most this often: quick enough for the eye, cheap enough for many jobs. */
const PROGRESS_EVERY_MS = 250;
const DATABASE_WAIT_MS = 1_000;
const LOG_MESSAGE_LENGTH = 4_000;

export interface LiveJobParts {
  id: string;
  writer: JobWriter;
  reader: JobReader;
  slots: Slots;
  closing: AbortSignal;
}

/** The desk of one job that runs in this process: its slot, its signals, and its words to the database. */
export class LiveJob implements Desk {
  readonly cancelled: AbortSignal;
  readonly closing: AbortSignal;
  /** Resolves when nothing of the job is at work here any more, because it ended or because this process ends. */
  readonly quiet: Promise<void>;
  readonly #parts: LiveJobParts;
  readonly #cancel = new AbortController();
  readonly #takenOver = new AbortController();
  readonly #meters = new Map<string, StepMeter>();
  readonly #waitingForRetry = new Set<() => void>();
  #fellQuiet: () => void = () => {};
  #parked = false;
  #begun = false;
  /** Acts at work; a slot is held while there are some, and between two steps. */
  #acts = 0;
  #slot: Promise<boolean> | undefined;
  #flush: NodeJS.Timeout | undefined;
  /** Said once in the log, however often it is tried. */
  #waitsFor = "";
  /** Writes one after the other, so that a log keeps its order and figures never go back. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(parts: LiveJobParts) {
    this.#parts = parts;
    this.cancelled = this.#cancel.signal;
    this.closing = AbortSignal.any([parts.closing, this.#takenOver.signal]);
    this.quiet = new Promise((resolve) => {
      this.#fellQuiet = resolve;
    });
  }

  cancel(): void {
    this.#cancel.abort(new Error("The job was cancelled."));
  }

  /** Another executor runs the job now: what still runs here stops, and nothing more is said about it. */
  handOver(): void {
    this.#takenOver.abort(new Error("Another server runs this job now."));
  }

  retry(): void {
    for (const wake of this.#waitingForRetry) wake();
  }

  /** The job has ended or was given up here: lets go of everything. */
  close(): void {
    clearTimeout(this.#flush);
    this.#acts = 0;
    this.rest();
    this.#fellQuiet();
  }

  async enter(signal: AbortSignal): Promise<boolean> {
    this.#slot ??= this.#parts.slots.take(signal, this.#begun);
    const slot = this.#slot;
    if (!(await slot)) {
      if (this.#slot === slot) this.#slot = undefined;
      return false;
    }
    if (signal.aborted) return false;
    this.#begun = true;
    this.#acts += 1;
    return true;
  }

  leave(): void {
    this.#acts -= 1;
    if (this.#parked) void this.park();
  }

  rest(): void {
    if (this.#acts > 0 || !this.#slot) return;
    const slot = this.#slot;
    this.#slot = undefined;
    void slot.then((held) => held && this.#parts.slots.give());
  }

  async pause(duration_ms: number, signal: AbortSignal): Promise<void> {
    await delay(duration_ms, undefined, { signal }).catch(() => {});
  }

  now(): number {
    return Date.now();
  }

  park(): Promise<never> {
    this.#parked = true;
    if (this.#acts === 0) {
      this.rest();
      this.#fellQuiet();
    }
    return new Promise(() => {});
  }

  async plan(steps: PlannedStep[]): Promise<void> {
    await this.patiently(() => this.#parts.writer.plan(this.#parts.id, steps));
  }

  async trying(step: string, title: string, phase: Phase): Promise<number> {
    this.#meters.set(step, new StepMeter());
    return this.patiently(() => this.#parts.writer.trying(this.#parts.id, step, title, phase));
  }

  async triedBefore(step: string): Promise<boolean> {
    const row = await this.patiently(() => this.#parts.reader.step(this.#parts.id, step));
    return (row?.attempt ?? 0) > 0;
  }

  async waiting(step: string, phase: Phase, problem: JobProblem): Promise<void> {
    await this.#writeFigures();
    if (problem.message !== this.#waitsFor) this.log(step, `Waiting, and trying again: ${problem.message}`);
    this.#waitsFor = problem.message;
    await this.patiently(() => this.#parts.writer.waiting(this.#parts.id, step, phase, problem));
  }

  async succeeded(step: string, phase: Phase): Promise<void> {
    await this.#ended(step, phase === "do" ? "succeeded" : "undone");
  }

  async failed(step: string, problem: JobProblem): Promise<void> {
    await this.#ended(step, "failed", problem);
  }

  async interrupted(step: string): Promise<void> {
    await this.#ended(step, "failed");
  }

  async undoing(problem: JobProblem | undefined): Promise<void> {
    await this.patiently(() => this.#parts.writer.jobStatus(this.#parts.id, "undoing", problem));
  }

  async commit(): Promise<boolean> {
    return this.patiently(() => this.#parts.writer.commit(this.#parts.id));
  }

  async stuck(step: string, problem: JobProblem): Promise<void> {
    await this.#ended(step, "failed", problem);
    await this.patiently(() => this.#parts.writer.jobStatus(this.#parts.id, "stuck", problem));
    await this.whileStuck(step);
  }

  async whileStuck(step: string): Promise<void> {
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waitingForRetry.add(resolve);
      const row = await this.patiently(() => this.#parts.reader.step(this.#parts.id, step));
      if (row?.stuck && !row.retry_requested) {
        if (this.closing.aborted) await this.park();
        this.rest();
        const wake = () => resolve();
        this.closing.addEventListener("abort", wake, { once: true });
        await promise;
        this.closing.removeEventListener("abort", wake);
      }
      this.#waitingForRetry.delete(resolve);
      if (!row?.stuck) return;
      if (row.retry_requested) {
        return this.patiently(() => this.#parts.writer.jobStatus(this.#parts.id, "undoing", undefined));
      }
    }
  }

  async end(end: JobEnd): Promise<void> {
    await this.patiently(() => this.#parts.writer.end(this.#parts.id, end));
  }

  progress(step: string, figures: Progress): void {
    this.#meters.get(step)?.progress(figures, Date.now());
    this.#flushSoon();
  }

  requestId(step: string, site: string, request_id: string): void {
    this.#meters.get(step)?.requestId(site, request_id);
    this.#flushSoon();
  }

  log(step: string, message: string): void {
    void this.patiently(() =>
      this.#parts.writer.log(this.#parts.id, step, message.slice(0, LOG_MESSAGE_LENGTH)),
    );
  }

  async #ended(step: string, status: "succeeded" | "failed" | "undone", problem?: JobProblem): Promise<void> {
    await this.#writeFigures();
    this.#meters.delete(step);
    await this.patiently(() => this.#parts.writer.stepEnded(this.#parts.id, step, status, problem));
  }

  #flushSoon(): void {
    if (this.#flush) return;
    this.#flush = setTimeout(() => {
      this.#flush = undefined;
      void this.#writeFigures();
    }, PROGRESS_EVERY_MS);
  }

  async #writeFigures(): Promise<void> {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    for (const [step, meter] of this.#meters) {
      const figures = meter.takeIfNew();
      if (figures) await this.patiently(() => this.#parts.writer.figures(this.#parts.id, step, figures));
    }
  }

  /**
   * Writes or reads, in order, for as long as the database is away. While the process closes nothing may fail
   * into the record of a step, so a failure then parks the job: it goes on from the record in the next process.
   */
  patiently<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#writing.then(async () => {
      for (;;) {
        try {
          return await act();
        } catch (error) {
          if (this.closing.aborted) return this.park();
          if (!isRetryable(error)) throw error;
          await this.pause(DATABASE_WAIT_MS, this.closing);
        }
      }
    });
    this.#writing = result.catch(() => {});
    return result;
  }
}
