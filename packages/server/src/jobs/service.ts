import { type Job, type JobDetail, JobStatus, Problem } from "@uniview/api";
import type { Engine, JobDetail as EngineJob, Workflow } from "@uniview/workflow";
import { JobRefused } from "@uniview/workflow";
import { z } from "zod";
import type { Principal } from "../http/principal.ts";
import { showJob, showLogLine, showStep } from "./model.ts";

export interface JobFilter {
  readonly status?: string | undefined;
  readonly site?: string | undefined;
  readonly server_id?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Jobs of the person who asks, and nobody else's: another's job is not found. */
export interface JobService {
  /** @param subject what no other job may work on until this one has ended */
  start<Input>(
    user: Principal,
    workflow: Workflow<Input, unknown, never>,
    input: Input,
    labels: Record<string, string>,
    subject: string,
  ): Promise<Job>;
  list(user: Principal, filter: JobFilter): Promise<{ items: Job[]; next_cursor?: string }>;
  get(user: Principal, id: string): Promise<JobDetail>;
  cancel(user: Principal, id: string): Promise<Job>;
  /** An ended job starts again with the same input, as a new job; a stuck one goes on with its undo. */
  retry(user: Principal, id: string): Promise<Job>;
}

export function createJobService(engine: Engine): JobService {
  const own = async (user: Principal, id: string): Promise<EngineJob> => {
    const job = await engine.get(id);
    if (!job || job.owner !== user.user_id)
      throw new Problem("not-found", `You have no job ${id}.`, { remedy: "uniview job list shows yours." });
    return job;
  };
  const shown = async (user: Principal, id: string) => showJob(await own(user, id), user.name);

  return {
    async start(user, workflow, input, labels, subject) {
      const id = await inWords(engine.start(workflow.name, input, { owner: user.user_id, labels, subject }));
      return shown(user, id);
    },

    async list(user, { status, site, server_id, cursor, limit }) {
      const page = await engine.list({
        owner: user.user_id,
        limit,
        ...(status ? { status: statusesOf(status) } : {}),
        ...(cursor ? { after: cursorOf(cursor) } : {}),
        labels: {
          ...(site ? { [`site:${site}`]: "yes" } : {}),
          ...(server_id ? { [`server:${server_id}`]: "yes" } : {}),
        },
      });
      return {
        items: page.items.map((job) => showJob(job, user.name)),
        ...(page.next ? { next_cursor: page.next } : {}),
      };
    },

    async get(user, id) {
      const [job, log] = await Promise.all([own(user, id), engine.log(id)]);
      return {
        ...showJob(job, user.name),
        steps: job.steps.map(showStep),
        input: recordOf(job.input) ?? {},
        result: recordOf(job.result),
        log: log.map(showLogLine),
      };
    },

    async cancel(user, id) {
      await own(user, id);
      await inWords(engine.cancel(id));
      return shown(user, id);
    },

    async retry(user, id) {
      await own(user, id);
      return shown(user, await inWords(engine.retry(id)));
    },
  };
}

function statusesOf(text: string): JobStatus[] {
  const parsed = z.array(JobStatus).safeParse(text.split(","));
  if (parsed.success) return parsed.data;
  throw new Problem("invalid-input", `status: "${text}" is not a list of job statuses.`, {
    field: "status",
    remedy: `Use some of ${JobStatus.options.join(", ")}.`,
  });
}

function cursorOf(text: string): string {
  if (z.uuid().safeParse(text).success) return text;
  throw new Problem("invalid-input", "cursor: this is not the next_cursor of a page before.", {
    field: "cursor",
    remedy: "Begin again without it.",
  });
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof JobRefused && error.reason === "conflict")
      throw new Problem("job-not-in-this-state", error.message, { remedy: "Look at the job." }, error);
    if (error instanceof JobRefused && error.reason === "busy")
      throw new Problem(
        "conflict",
        error.message,
        { remedy: "Wait until it has ended, or cancel it." },
        error,
      );
    if (error instanceof JobRefused && error.reason === "not-found")
      throw new Problem("not-found", error.message, {}, error);
    throw error;
  }
}
