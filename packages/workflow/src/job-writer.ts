import type pg from "pg";
import type { PlannedStep } from "./definition.ts";
import type { JobEnd, Phase } from "./desk.ts";
import { JobRefused } from "./failures.ts";
import type { Json } from "./recordable.ts";
import type { JobProblem, RequestId } from "./tables.ts";

/** The channel on which every change of a job is announced; the payload is the job's id. */
export const JOB_CHANNEL = "job";

/** How many requests per site call are worth keeping with a step: the latest ones. */
const REQUEST_IDS_KEPT = 20;

/** Room between planned steps for those that were not planned. */
const SEQ_STRIDE = 1_000;

export interface NewJob {
  id: string;
  workflow: string;
  title: string;
  owner: string;
  labels: Record<string, string>;
  input: Json;
  executor: string;
  retry_of: string | undefined;
  subject: string | undefined;
  steps: PlannedStep[];
}

export interface StepFigures {
  bytes_done: number | null;
  bytes_total: number | null;
  rate_bytes_per_s: number | null;
  note: string | null;
  request_ids: RequestId[];
}

export type JobWriter = ReturnType<typeof createJobWriter>;

/** Every SQL statement that changes a job. Each announces the change in its own transaction. */
export function createJobWriter(pool: pg.Pool, changed: (job_id: string) => void) {
  /** `$1` is the job's id in every statement. */
  const change = async <Row extends pg.QueryResultRow>(
    job_id: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> => {
    const { rows } = await pool.query<Row & { announced: unknown }>(
      `with changed as (${sql} returning *), said as (select pg_notify('${JOB_CHANNEL}', $1::uuid::text) as announced)
       select said.announced, changed.* from said left join changed on true`,
      [job_id, ...values],
    );
    changed(job_id);
    return rows;
  };

  const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));

  return {
    /** @returns false when a job of this id is there already. @throws JobRefused `busy` */
    async insert(job: NewJob): Promise<boolean> {
      const planned = job.steps.map(({ name, title }, index) => ({
        name,
        title: title ?? name,
        seq: (index + 1) * SEQ_STRIDE,
      }));
      const inserting = pool.query(
        `with job as (
           insert into jobs (id, workflow, title, owner, labels, input, status, executor, retry_of, subject)
           values ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $10) on conflict (id) do nothing returning id
         ), planned as (
           insert into job_steps (job_id, seq, name, title, status)
           select job.id, step.seq, step.name, step.title, 'pending'
           from job, jsonb_to_recordset($9) as step (name text, title text, seq integer)
         )
         select pg_notify('${JOB_CHANNEL}', id::text) from job`,
        [
          job.id,
          job.workflow,
          job.title,
          job.owner,
          json(job.labels),
          JSON.stringify(job.input),
          job.executor,
          job.retry_of ?? null,
          json(planned),
          job.subject ?? null,
        ],
      );
      const { rowCount } = await inserting.catch((error: unknown) => {
        throw isConstraint(error, "jobs_subject") ? busy(error) : error;
      });
      changed(job.id);
      return rowCount === 1;
    },

    /** Notes which executor runs the job now: after a crash that may be another than the one that was asked. */
    async claim(job_id: string, executor: string): Promise<void> {
      await change(job_id, "update jobs set executor = $2 where id = $1", [executor]);
    },

    /** Puts steps that became known on the way behind those that were begun, before those still pending. */
    async plan(job_id: string, steps: PlannedStep[]): Promise<void> {
      const planned = steps.map(({ name, title }, index) => ({
        name,
        title: title ?? name,
        place: index + 1,
      }));
      await change(
        job_id,
        `insert into job_steps (job_id, seq, name, title, status)
         select $1, begun.last + step.place, step.name, step.title, 'pending'
         from jsonb_to_recordset($2) as step (name text, title text, place integer),
              (select coalesce(max(seq), 0) as last from job_steps where job_id = $1 and status <> 'pending') as begun
         on conflict (job_id, name) do nothing`,
        [json(planned)],
      );
    },

    async trying(job_id: string, step: string, title: string, phase: Phase): Promise<number> {
      await change(
        job_id,
        `update jobs set status = $2, problem = case when $2 = 'running' then null else problem end,
           started_at = coalesce(started_at, now()) where id = $1`,
        [phase === "do" ? "running" : "undoing"],
      );
      const rows = await change<{ attempt: number }>(
        job_id,
        `insert into job_steps as step (job_id, seq, name, title, status, attempt, started_at)
         values ($1, (select coalesce(max(seq), 0) + 1 from job_steps where job_id = $1 and status <> 'pending'),
           $2, $3, $4, 1, now())
         on conflict (job_id, name) do update set status = $4, title = $3, attempt =
             case when $4 = 'undoing' and step.status not in ('undoing', 'waiting', 'failed') then 1 else step.attempt + 1 end,
           started_at = coalesce(step.started_at, now()), ended_at = null,
           problem = case when $4 = 'running' then null else step.problem end`,
        [step, title, phase === "do" ? "running" : "undoing"],
      );
      return rows[0]?.attempt ?? 1;
    },

    async waiting(job_id: string, step: string, phase: Phase, problem: JobProblem): Promise<void> {
      await change(
        job_id,
        "update job_steps set status = 'waiting', problem = $3 where job_id = $1 and name = $2",
        [step, json(problem)],
      );
      if (phase === "undo") return; // the job stays "undoing": what is undone can not be cancelled any more
      await change(job_id, "update jobs set status = 'waiting', problem = $2 where id = $1", [json(problem)]);
    },

    async stepEnded(
      job_id: string,
      step: string,
      status: "succeeded" | "failed" | "undone",
      problem?: JobProblem,
    ): Promise<void> {
      await change(
        job_id,
        `update job_steps set status = $3, ended_at = now(), rate_bytes_per_s = null,
           problem = case when $3 = 'undone' then problem else $4::jsonb end where job_id = $1 and name = $2`,
        [step, status, json(problem)],
      );
    },

    async jobStatus(
      job_id: string,
      status: "undoing" | "stuck",
      problem: JobProblem | undefined,
    ): Promise<void> {
      await change(
        job_id,
        "update jobs set status = $2, problem = coalesce($3::jsonb, problem), retry_requested = false where id = $1",
        [status, json(problem)],
      );
    },

    /** @returns false when a cancel was requested before */
    async commit(job_id: string): Promise<boolean> {
      const rows = await change<{ id: string | null }>(
        job_id,
        "update jobs set committed = true where id = $1 and not cancel_requested",
      );
      return rows.some((row) => row.id !== null);
    },

    async end(job_id: string, end: JobEnd): Promise<void> {
      const [result, problem] =
        end.status === "succeeded" ? [end.result, undefined] : [undefined, end.problem];
      await change(
        job_id,
        "update jobs set status = $2, result = $3, problem = $4, ended_at = now(), started_at = coalesce(started_at, now()) where id = $1",
        [end.status, json(result), json(problem)],
      );
    },

    async figures(job_id: string, step: string, figures: StepFigures): Promise<void> {
      await change(
        job_id,
        `update job_steps set bytes_done = $3, bytes_total = $4, rate_bytes_per_s = $5, note = $6, request_ids =
           (select coalesce(jsonb_agg(item order by place), '[]') from
             (select item, place from jsonb_array_elements(request_ids || $7::jsonb) with ordinality as all_ids (item, place)
              order by place desc limit ${REQUEST_IDS_KEPT}) as latest)
         where job_id = $1 and name = $2`,
        [
          step,
          figures.bytes_done,
          figures.bytes_total,
          figures.rate_bytes_per_s,
          figures.note,
          json(figures.request_ids),
        ],
      );
    },

    async log(job_id: string, step: string | null, message: string): Promise<void> {
      await change(job_id, "insert into job_log (job_id, step, message) values ($1, $2, $3)", [
        step,
        message,
      ]);
    },

    /** @returns whether the job was in a state that heeds it */
    async requestCancel(job_id: string): Promise<boolean> {
      const rows = await change<{ id: string | null }>(
        job_id,
        "update jobs set cancel_requested = true where id = $1 and status in ('queued', 'running', 'waiting')",
      );
      return rows.some((row) => row.id !== null);
    },

    async requestRetry(job_id: string): Promise<boolean> {
      const rows = await change<{ id: string | null }>(
        job_id,
        "update jobs set retry_requested = true where id = $1 and status = 'stuck'",
      );
      return rows.some((row) => row.id !== null);
    },
  };
}

function isConstraint(error: unknown, name: string): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === name;
}

/** Says nothing of the other job: it may be another owner's. */
function busy(cause: unknown): JobRefused {
  return new JobRefused("busy", "Another job is at work on this and has not ended yet.", { cause });
}
