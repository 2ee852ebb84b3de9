import type { PlannedStep, Progress } from "./definition.ts";
import type { Json } from "./recordable.ts";
import type { JobProblem } from "./tables.ts";

export type Phase = "do" | "undo";

export type JobEnd =
  | { status: "succeeded"; result: Json | undefined }
  | { status: "undone" | "cancelled"; problem: JobProblem | undefined };

/**
 * What one job needs of its surroundings while it runs. The engine's desk writes to PostgreSQL; the one of the
 * tests keeps everything in memory. The order of steps, retries and undo is the same above both.
 */
export interface Desk {
  /** Aborted once the owner asked to cancel. */
  readonly cancelled: AbortSignal;
  /** Aborted once this process is about to end; what runs has to stop, and goes on in the next process. */
  readonly closing: AbortSignal;

  /** Waits for permission to work. @returns false when the signal fired before */
  enter(signal: AbortSignal): Promise<boolean>;
  /** The work that was entered has ended; the permission is kept for the next step. */
  leave(): void;
  /** The job has to wait: unless it works elsewhere, its permission goes to another job meanwhile. */
  rest(): void;
  /** Waits, not longer than until the signal fires. */
  pause(duration_ms: number, signal: AbortSignal): Promise<void>;
  now(): number;
  /** Ends this execution without an outcome. Never resolves. */
  park(): Promise<never>;

  plan(steps: PlannedStep[]): Promise<void>;
  /** A try begins. @returns which one it is, counted over crashes */
  trying(step: string, title: string, phase: Phase): Promise<number>;
  /** Whether `do` of this step was ever tried, in this process or an earlier one. */
  triedBefore(step: string): Promise<boolean>;
  waiting(step: string, phase: Phase, problem: JobProblem): Promise<void>;
  succeeded(step: string, phase: Phase): Promise<void>;
  failed(step: string, problem: JobProblem): Promise<void>;
  interrupted(step: string): Promise<void>;
  undoing(problem: JobProblem | undefined): Promise<void>;
  /** The point of no return. @returns false when somebody asked to cancel before it */
  commit(): Promise<boolean>;
  /** The undo cannot go on without a person. Resolves when one asked to retry. */
  stuck(step: string, problem: JobProblem): Promise<void>;
  /** Holds an undo back that was stuck when the process ended, until somebody asks to retry. */
  whileStuck(step: string): Promise<void>;
  end(end: JobEnd): Promise<void>;

  progress(step: string, figures: Progress): void;
  log(step: string, message: string): void;
  requestId(step: string, site: string, request_id: string): void;
}

/** The durable memory of one job: what was recorded is returned, not done again. */
export interface Ledger {
  /** @throws when the record at this place has another name: the workflow's code changed under the job */
  once<Result>(name: string, act: () => Promise<Result>): Promise<Result>;
}
