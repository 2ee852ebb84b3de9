import type { z } from "zod";

/** A step as it is announced before it starts, so that people see what is still to come. */
export interface PlannedStep {
  name: string;
  title?: string;
}

export interface Progress {
  bytes_done?: number;
  bytes_total?: number;
  note?: string;
}

/** What a `do` or `undo` gets to work with. */
export interface StepContext {
  /**
   * `<job id>/<step name>`: the same on every retry and after a crash, and for `do` and `undo` alike. What a
   * step makes at a site carries it, so that a repeated `do` finds it and `undo` removes it.
   */
  key: string;
  /** Aborted when the job is cancelled (not for an undo), when a sibling step failed, and when the process ends. */
  signal: AbortSignal;
  /** 1 for the first try; counts on over crashes. */
  attempt: number;
  /** Cheap to call often: it is written at most four times a second, the rate is derived from `bytes_done`. */
  progress(figures: Progress): void;
  /** A sentence for the job's log, in the words of its owner. */
  log(message: string): void;
  /** Notes one request to a site under the id that the site itself gave it. */
  requestId(site: string, request_id: string): void;
}

/** Says why a step needs no undo; see {@link noUndo}. */
export interface NoUndo {
  no_undo: string;
}

export interface StepSpec<Result> {
  title?: string;
  /** Finds or creates: may run again after it has acted, because a crash can come before its result was recorded. */
  do(context: StepContext): Promise<Result>;
  /** Removes whatever carries the key; runs for a `do` that finished and for one that died half-way, maybe twice. */
  undo: ((context: StepContext) => Promise<void>) | NoUndo;
  /**
   * While this undo has to wait (its site does not answer), those of the steps before it go ahead, and it is waited for at
   * the end. Only for what does no harm where it stays.
   */
  undo_may_wait?: boolean;
}

/** A step behind the point of no return: it cannot fail the job, and is never undone. */
export interface LastStep<Result> {
  title?: string;
  /** As of any step: finds or creates, and may run again after it has acted. */
  do(context: StepContext): Promise<Result>;
  /**
   * What the job goes on with when `do` failed for good, or was cut short because somebody ended the job while it
   * waited. Pure, because a replay asks again. @param why a sentence
   */
  otherwise(why: string): Result;
}

/** A job behind its point of no return. */
export interface CommittedJob {
  step<Result>(name: string, spec: LastStep<Result>): Promise<Result>;
}

/** What a workflow sees of its own execution. */
export interface Job {
  readonly id: string;
  /**
   * Runs a step once in the life of the job and returns its recorded result, which is plain JSON.
   *
   * A name is used once. Steps may run side by side (`Promise.all`), each branch being a single step: the order
   * in which steps are begun has to be the same when the job is replayed after a crash.
   *
   * @throws StepFailed when it failed for good, JobCancelled when the job was cancelled; let both through
   */
  step<Result>(name: string, spec: StepSpec<Result>): Promise<Result>;
  /** Announces further steps, for workflows that know them only on the way. */
  plan(steps: PlannedStep[]): Promise<void>;
  /** Sleeps durably: a restart does not begin the time anew. A cancel ends it. */
  sleep(duration_ms: number): Promise<void>;
  /**
   * The point of no return: what the job made is in use, and undoing it would do harm. From here on nothing is undone; a
   * cancel ends the job where it is. @throws JobCancelled when a cancel came first
   */
  commit(): Promise<CommittedJob>;
}

/**
 * The code of a kind of job. Between steps it must be a pure function of its input and of the steps' results:
 * after a crash it runs again from the top, and recorded steps only return their results.
 */
export interface Workflow<Input, Result, Deps> {
  /** Kept in the database; renaming it strands jobs on their way. */
  readonly name: string;
  readonly input: z.ZodType;
  title(input: Input): string;
  steps(input: Input): PlannedStep[];
  run(job: Job, input: Input, deps: Deps): Promise<Result>;
}

/**
 * Declares a workflow. `deps` is what it may touch of the world: annotate it with a narrow interface.
 *
 * `input` has to come out of the schema as plain JSON, because it is stored.
 */
export function defineWorkflow<Schema extends z.ZodType, Result, Deps>(definition: {
  name: string;
  input: Schema;
  title(input: z.output<Schema>): string;
  steps?: PlannedStep[] | ((input: z.output<Schema>) => PlannedStep[]);
  run(job: Job, input: z.output<Schema>, deps: Deps): Promise<Result>;
}): Workflow<z.output<Schema>, Result, Deps> {
  const { name, input: schema, steps = [] } = definition;
  return {
    name,
    input: schema,
    title: (input) => definition.title(input),
    steps: (input) => (typeof steps === "function" ? steps(input) : steps),
    run: (job, input, deps) => definition.run(job, input, deps),
  };
}

/** For steps that change nothing, or whose effect another step's undo takes back. The reason is for the reader. */
export function noUndo(why: string): NoUndo {
  return { no_undo: why };
}
