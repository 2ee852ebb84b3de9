import { randomUUID } from "node:crypto";
import type pg from "pg";
import { z } from "zod";
import type { Workflow } from "./definition.ts";
import { createDurableRuns, type DurableRuns } from "./durable-runs.ts";
import { BEATS, createExecutors, DEAD_AFTER_MS } from "./executors.ts";
import { describeProblem, JobRefused } from "./failures.ts";
import { createJobReader, type JobDetail, type JobFilter, type JobPage } from "./job-reader.ts";
import { createJobRunner } from "./job-runner.ts";
import { createJobWriter } from "./job-writer.ts";
import { migrateWorkflow } from "./migrate.ts";
import { recordable } from "./recordable.ts";
import { Slots } from "./slots.ts";
import type { JobLogTable } from "./tables.ts";

/** Jobs at work at once in one process. Waiting ones do not count: a dead site must not hold up the others. */
export const RUNNING_LIMIT = 16;

/** How soon a cancel or retry that came in at another process is noticed. */
const REQUESTS_EVERY_MS = 1_000;

/** How long a step may take to heed its signal when the process ends; after that it is cut like by a kill. */
const CLOSE_PATIENCE_MS = 10_000;

export interface StartOptions {
  owner: string;
  /** A UUID; starting twice under one id starts once. */
  id?: string;
  title?: string;
  labels?: Record<string, string>;
  /** What the job has to itself: until it has ended, no other job of the same subject is started. */
  subject?: string;
}

export interface EngineOptions<Deps> {
  pool: pg.Pool;
  // `never`: each workflow checks its own input, the engine only passes it on
  workflows: readonly Workflow<never, unknown, Deps>[];
  deps: Deps;
  /** Kept over restarts (in the data directory), and no two processes have the same: its jobs go on at once by it. */
  executor_id: string;
  running_limit?: number;
  /** When another executor that is silent counts as dead and its jobs are taken over; the same in all servers. */
  dead_after_ms?: number;
  /** Called in this process after each change that was written; other processes hear the channel `job`. */
  on_change?: (job_id: string) => void;
  /** Where what is no job's business goes, for example that the database went away. */
  on_warning?: (message: string) => void;
}

export interface Engine {
  /** @throws JobRefused `unknown-workflow`, `invalid-input`, `busy` when an unfinished job has the same subject */
  start(workflow: string, input: unknown, options: StartOptions): Promise<string>;
  /** Stops what runs and undoes it; past the point of no return only stops it. @throws JobRefused `not-found`, or `conflict` when it has ended or is being undone */
  cancel(id: string): Promise<void>;
  /** Continues a stuck undo, or starts an undone or cancelled job again under a new id. @returns the id to watch */
  retry(id: string): Promise<string>;
  get(id: string): Promise<JobDetail | undefined>;
  list(filter?: JobFilter): Promise<JobPage>;
  log(id: string, after?: number): Promise<JobLogTable[]>;
  /** Creates missing tables, goes on with every job that this executor had not finished, later with those of dead ones. */
  launch(): Promise<void>;
  /** Interrupts running steps; they begin again with the next launch. Leaves the pool open. */
  close(): Promise<void>;
}

/**
 * The engine. DBOS, on which it stands, is one per process: a second engine can be launched only after the
 * first was closed. Tests that need two at a time use child processes.
 */
export function createEngine<Deps>(options: EngineOptions<Deps>): Engine {
  const { pool, executor_id, deps } = options;
  const workflows = new Map(options.workflows.map((workflow) => [workflow.name, workflow]));
  const writer = createJobWriter(pool, options.on_change ?? (() => {}));
  const reader = createJobReader(pool);
  const closing = new AbortController();
  const warn = options.on_warning ?? (() => {});
  const slots = new Slots(options.running_limit ?? RUNNING_LIMIT);
  const runner = createJobRunner({
    workflows,
    deps,
    executor_id,
    writer,
    reader,
    slots,
    closing: closing.signal,
    warn,
  });
  let runs: DurableRuns | undefined;
  const dead_after_ms = options.dead_after_ms ?? DEAD_AFTER_MS;
  const executors = createExecutors(pool, executor_id, dead_after_ms);
  const rounds: NodeJS.Timeout[] = [];

  /** One round at a time: when the database is slow, rounds are left out rather than piled up. */
  const every = (period_ms: number, act: () => Promise<void>) => {
    let busy = false;
    const round = async () => {
      if (busy || closing.signal.aborted) return;
      busy = true;
      await act().catch((error: unknown) => warn(describeProblem(error).message));
      busy = false;
    };
    rounds.push(setInterval(round, period_ms));
  };

  const launched = (): DurableRuns => {
    if (!runs || closing.signal.aborted)
      throw new Error("The job engine is not running; call launch() first.");
    return runs;
  };

  const begin = async (
    name: string,
    input: unknown,
    start: StartOptions,
    retry_of?: string,
  ): Promise<string> => {
    const durable = launched();
    const workflow = workflows.get(name);
    if (!workflow) throw new JobRefused("unknown-workflow", `There is no workflow "${name}".`);
    const parsed = workflow.input.safeParse(input);
    if (!parsed.success)
      throw new JobRefused("invalid-input", z.prettifyError(parsed.error), { cause: parsed.error });
    const checked = parsed.data as never; // the workflow's own schema made it
    const id = start.id ?? randomUUID();
    await writer.insert({
      id,
      workflow: name,
      title: start.title ?? workflow.title(checked),
      owner: start.owner,
      labels: start.labels ?? {},
      input: recordable(parsed.data, `The input of workflow ${name}`) ?? null,
      executor: executor_id,
      retry_of,
      subject: start.subject,
      steps: workflow.steps(checked),
    });
    await durable.start(id);
    return id;
  };

  const found = async (id: string): Promise<JobDetail> => {
    const job = await reader.get(id);
    if (!job) throw new JobRefused("not-found", `There is no job ${id}.`);
    return job;
  };

  return {
    start: (workflow, input, start) => begin(workflow, input, start),
    get: reader.get,
    list: reader.list,
    log: reader.log,

    async cancel(id) {
      const { status } = await found(id);
      if (!(await writer.requestCancel(id))) {
        throw new JobRefused("conflict", `Job ${id} cannot be cancelled: it is ${status}.`);
      }
      runner.live(id)?.cancel();
    },

    async retry(id) {
      const job = await found(id);
      if (job.status === "stuck") {
        await writer.requestRetry(id);
        runner.live(id)?.retry();
        return id;
      }
      if (job.status !== "undone" && job.status !== "cancelled") {
        throw new JobRefused("conflict", `Job ${id} cannot be retried: it is ${job.status}.`);
      }
      const { workflow, input, owner, title, labels, subject } = job;
      return begin(workflow, input, { owner, title, labels, ...(subject ? { subject } : {}) }, id);
    },

    async launch() {
      await migrateWorkflow(pool);
      await executors.beat();
      runs = await createDurableRuns({ pool, executor_id, run: runner.run, warn });
      await runs.adopt(await reader.unfinished(executor_id));
      every(REQUESTS_EVERY_MS, runner.heedRequests);
      every(dead_after_ms / BEATS, async () => {
        await executors.beat();
        await runs?.adopt(await executors.claimFromDead());
      });
    },

    async close() {
      if (!runs || closing.signal.aborted) return;
      closing.abort(new Error("The process is ending; the step will begin again with the next start."));
      for (const round of rounds) clearInterval(round);
      const patience = AbortSignal.timeout(CLOSE_PATIENCE_MS);
      const enough = new Promise<void>((resolve) => patience.addEventListener("abort", () => resolve()));
      await Promise.race([runner.quiet(), enough]);
      await runs.close();
      await executors.leave().catch((error: unknown) => warn(describeProblem(error).message));
    },
  };
}
