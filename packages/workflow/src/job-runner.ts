import type { Workflow } from "./definition.ts";
import type { Ledger } from "./desk.ts";
import { isTakenOver } from "./durable-runs.ts";
import { describeProblem } from "./failures.ts";
import type { JobReader } from "./job-reader.ts";
import type { JobWriter } from "./job-writer.ts";
import { LiveJob } from "./live-job.ts";
import { runJob } from "./run-job.ts";
import type { Slots } from "./slots.ts";

export interface JobRunnerParts<Deps> {
  workflows: ReadonlyMap<string, Workflow<never, unknown, Deps>>;
  deps: Deps;
  executor_id: string;
  writer: JobWriter;
  reader: JobReader;
  slots: Slots;
  closing: AbortSignal;
  warn(message: string): void;
}

export interface JobRunner {
  /** Runs a job to its end, or parks it for the next process. */
  run(id: string, ledger: Ledger): Promise<void>;
  /** The job's desk, while the job runs in this process. */
  live(id: string): LiveJob | undefined;
  /** Brings what was asked for at other processes to the jobs that run here. */
  heedRequests(): Promise<void>;
  /** Resolves when nothing is at work any more; to be asked after `closing` fired. */
  quiet(): Promise<void>;
}

/** The jobs that run in this process. */
export function createJobRunner<Deps>(parts: JobRunnerParts<Deps>): JobRunner {
  const { workflows, deps, executor_id, writer, reader, slots, closing, warn } = parts;
  const live = new Map<string, LiveJob>();

  const letGo = (id: string, desk: LiveJob) => {
    desk.close();
    if (live.get(id) === desk) live.delete(id);
  };

  /** Reads the job and makes it ours; only then is its row compared with what runs here. */
  const takeOn = async (id: string, desk: LiveJob) => {
    const job = await desk.patiently(() => reader.get(id));
    if (!job) throw new Error(`Job ${id} is not in the database any more.`);
    if (job.executor !== executor_id) await desk.patiently(() => writer.claim(id, executor_id));
    live.set(id, desk);
    if (job.cancel_requested) desk.cancel();
    return job;
  };

  /** For a job that this process cannot run: its code is missing or has changed under it. */
  const putAside = async (id: string, desk: LiveJob, error: unknown) => {
    const problem = describeProblem(error);
    const message = `The job cannot go on in this release and will be tried again at the next start: ${problem.message}`;
    warn(`Job ${id}: ${message}`);
    await desk.patiently(() => writer.jobStatus(id, "stuck", { ...problem, message, retryable: false }));
  };

  return {
    async run(id, ledger) {
      const desk = new LiveJob({ id, writer, reader, slots, closing });
      try {
        const job = await takeOn(id, desk);
        const workflow = workflows.get(job.workflow);
        if (!workflow)
          throw new Error(`It has no workflow "${job.workflow}"; start the release that began the job.`);
        await runJob(workflow, { id, input: job.input as never }, deps, desk, ledger);
        letGo(id, desk);
      } catch (error) {
        if (isTakenOver(error)) {
          letGo(id, desk);
          throw error;
        }
        // Nothing is recorded as the run's outcome: another release, or a repaired database, can go on with it.
        if (!desk.closing.aborted) await putAside(id, desk, error);
        await desk.park();
      }
    },

    live: (id) => live.get(id),

    async heedRequests() {
      if (live.size === 0) return;
      for (const request of await reader.requests([...live.keys()], executor_id)) {
        const desk = live.get(request.id);
        if (request.taken_over) {
          desk?.handOver();
          live.delete(request.id);
        }
        if (request.cancel_requested) desk?.cancel();
        if (request.retry_requested) desk?.retry();
      }
    },

    async quiet() {
      await Promise.all([...live.values()].map((desk) => desk.quiet));
    },
  };
}
