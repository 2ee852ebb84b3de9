import type { Progress } from "./definition.ts";
import type { Desk, JobEnd, Ledger, Phase } from "./desk.ts";
import type { JobProblem, RequestId, StepStatus } from "./tables.ts";

/** A workflow that waits more often than this, in a time that flies, will wait for ever. */
const PAUSES_ALLOWED = 200;

export interface MemoryStep {
  status: StepStatus;
  attempt: number;
  progress: Progress;
  request_ids: RequestId[];
  problem?: JobProblem;
}

/** A desk without a database: time flies, permissions are always there, and whatever would need a person throws. */
export class MemoryDesk implements Desk {
  readonly steps = new Map<string, MemoryStep>();
  readonly log_entries: { step: string; message: string }[] = [];
  readonly cancelled: AbortSignal;
  readonly closing = new AbortController().signal;
  #now = Date.now();
  #pauses = 0;

  constructor(cancelled: AbortSignal = new AbortController().signal) {
    this.cancelled = cancelled;
  }

  async enter(signal: AbortSignal): Promise<boolean> {
    return !signal.aborted;
  }
  leave(): void {}
  rest(): void {}

  async pause(duration_ms: number): Promise<void> {
    this.#pauses += 1;
    if (this.#pauses > PAUSES_ALLOWED) {
      const waiting = [...this.steps].find(([, step]) => step.status === "waiting");
      throw new Error(
        `The job waits without end${waiting ? ` in step "${waiting[0]}": ${waiting[1].problem?.message}` : ""}.`,
      );
    }
    this.#now += duration_ms;
    await new Promise((resolve) => setImmediate(resolve));
  }

  now(): number {
    return this.#now;
  }

  park(): Promise<never> {
    return new Promise(() => {});
  }

  async plan(): Promise<void> {}

  async trying(step: string, _title: string, phase: Phase): Promise<number> {
    const known = this.steps.get(step);
    const attempt = (known?.attempt ?? 0) + 1;
    const status = phase === "do" ? "running" : "undoing";
    this.steps.set(step, { progress: {}, request_ids: [], ...known, status, attempt });
    return attempt;
  }

  async triedBefore(step: string): Promise<boolean> {
    return this.steps.has(step);
  }

  async waiting(step: string, _phase: Phase, problem: JobProblem): Promise<void> {
    this.#change(step, { status: "waiting", problem });
  }

  async succeeded(step: string, phase: Phase): Promise<void> {
    this.#change(step, { status: phase === "do" ? "succeeded" : "undone" });
  }

  async failed(step: string, problem: JobProblem): Promise<void> {
    this.#change(step, { status: "failed", problem });
  }

  async interrupted(step: string): Promise<void> {
    this.#change(step, { status: "failed" });
  }

  async undoing(): Promise<void> {}

  async commit(): Promise<boolean> {
    return !this.cancelled.aborted;
  }

  async stuck(_step: string, problem: JobProblem): Promise<void> {
    throw new Error(problem.message);
  }

  async whileStuck(): Promise<void> {}

  async end(_end: JobEnd): Promise<void> {}

  progress(step: string, figures: Progress): void {
    const known = this.steps.get(step);
    if (known) this.#change(step, { progress: { ...known.progress, ...figures } });
  }

  log(step: string, message: string): void {
    this.log_entries.push({ step, message });
  }

  requestId(step: string, site: string, request_id: string): void {
    this.steps.get(step)?.request_ids.push({ site, request_id });
  }

  #change(step: string, change: Partial<MemoryStep>): void {
    const known = this.steps.get(step);
    if (known) this.steps.set(step, { ...known, ...change });
  }
}

interface MemoryRecord {
  name: string;
  json?: string | undefined;
  done: boolean;
}

/** Remembers as a database would: as JSON, by place, with the name checked. */
export class MemoryLedger implements Ledger {
  readonly #records: MemoryRecord[] = [];
  #place = 0;

  /** From here on the job is run again from its beginning, as after a crash. */
  rewind(): void {
    this.#place = 0;
  }

  async once<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
    const place = this.#place++;
    const known = this.#records[place];
    if (known && known.name !== name) {
      throw new Error(
        `On replay the workflow came to "${name}" where it came to "${known.name}" before; between steps it must depend on its input and on results only.`,
      );
    }
    if (known?.done) return (known.json === undefined ? undefined : JSON.parse(known.json)) as Result;
    const record: MemoryRecord = { name, done: false };
    this.#records[place] = record;
    const result = await act();
    record.json = JSON.stringify(result);
    record.done = true;
    return (record.json === undefined ? undefined : JSON.parse(record.json)) as Result;
  }
}
