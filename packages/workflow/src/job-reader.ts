import type pg from "pg";
import type { JobLogTable, JobStatus, JobStepsTable, JobsTable } from "./tables.ts";

export type JobStep = Omit<JobStepsTable, "job_id">;

/** The whole of a job's work in figures, for lists. */
export interface JobProgress {
  steps_done: number;
  steps_total: number;
  /** The title of the step at work, or of the one that ended it. */
  step: string | null;
  bytes_done: number;
  bytes_total: number;
  rate_bytes_per_s: number;
}

export interface JobSummary extends JobsTable {
  progress: JobProgress;
}

export interface JobDetail extends JobSummary {
  steps: JobStep[];
}

export interface JobFilter {
  owner?: string;
  workflow?: string;
  status?: JobStatus[];
  /** Jobs that carry all of these. */
  labels?: Record<string, string>;
  /** Continue behind this job, as named by `next` of the page before. */
  after?: string;
  /** At most {@link PAGE_LIMIT}. */
  limit?: number;
}

export interface JobPage {
  items: JobSummary[];
  /** Absent on the last page. */
  next?: string;
}

export interface JobRequest {
  id: string;
  cancel_requested: boolean;
  retry_requested: boolean;
  /** Another executor runs the job now. */
  taken_over: boolean;
}

export const PAGE_LIMIT = 500;
const PAGE_DEFAULT = 50;
const LOG_LIMIT = 1_000;

export type JobReader = ReturnType<typeof createJobReader>;

const SUMMARY = `
  to_jsonb(jobs) || jsonb_build_object('progress', (
    select jsonb_build_object(
      'steps_done', count(*) filter (where status in ('succeeded', 'undone')),
      'steps_total', count(*),
      'step', (array_agg(title order by seq, started_at) filter (where status in ('running', 'waiting', 'undoing', 'failed')))[1],
      'bytes_done', coalesce(sum(bytes_done), 0),
      'bytes_total', coalesce(sum(bytes_total), 0),
      'rate_bytes_per_s', coalesce(sum(rate_bytes_per_s) filter (where status = 'running'), 0))
    from job_steps where job_id = jobs.id)) as job`;

const STEPS = `
  (select coalesce(jsonb_agg(ranked.step || jsonb_build_object('seq', ranked.place) order by ranked.place), '[]')
   from (select to_jsonb(job_steps) - 'job_id' as step,
                row_number() over (order by seq, started_at nulls last, name) as place
         from job_steps where job_id = jobs.id) as ranked) as steps`;

/** Every SQL statement that reads jobs. Rows leave PostgreSQL as JSON, so the pool's type parsers play no part. */
export function createJobReader(pool: pg.Pool) {
  return {
    async get(id: string): Promise<JobDetail | undefined> {
      if (!UUID.test(id)) return undefined;
      const { rows } = await pool.query<{ job: JobSummary; steps: JobStep[] }>(
        `select ${SUMMARY}, ${STEPS} from jobs where id = $1`,
        [id],
      );
      const [row] = rows;
      if (!row) return undefined;
      return { ...withInstants(row.job), steps: row.steps.map(withInstants) };
    },

    async list(filter: JobFilter = {}): Promise<JobPage> {
      const limit = Math.min(filter.limit ?? PAGE_DEFAULT, PAGE_LIMIT);
      const { rows } = await pool.query<{ job: JobSummary }>(
        `select ${SUMMARY} from jobs
         where ($1::text is null or owner = $1) and ($2::text is null or workflow = $2)
           and ($3::text[] is null or status = any($3)) and labels @> $4::jsonb
           and ($5::uuid is null or (created_at, id) < (select created_at, id from jobs where id = $5))
         order by created_at desc, id desc limit $6`,
        [
          filter.owner ?? null,
          filter.workflow ?? null,
          filter.status ?? null,
          JSON.stringify(filter.labels ?? {}),
          filter.after ?? null,
          limit + 1,
        ],
      );
      const items = rows.slice(0, limit).map((row) => withInstants(row.job));
      const last = items.at(-1);
      return rows.length > limit && last ? { items, next: last.id } : { items };
    },

    /** The job's log from behind entry `after`, oldest first, at most 1000 entries. */
    async log(id: string, after = 0): Promise<JobLogTable[]> {
      if (!UUID.test(id)) return [];
      const { rows } = await pool.query<{ entry: JobLogTable }>(
        `select to_jsonb(job_log) as entry from job_log where job_id = $1 and id > $2 order by id limit ${LOG_LIMIT}`,
        [id, after],
      );
      return rows.map((row) => withInstants(row.entry));
    },

    /** Which of these jobs somebody wants something of; asked often, so it reads an index and little else. */
    async requests(ids: string[], executor: string): Promise<JobRequest[]> {
      const { rows } = await pool.query<JobRequest>(
        `select id, cancel_requested, retry_requested, executor is distinct from $2 as taken_over
         from jobs where id = any($1) and (cancel_requested or retry_requested or executor is distinct from $2)`,
        [ids, executor],
      );
      return rows;
    },

    /** Jobs of this executor that have not ended, oldest first. */
    async unfinished(executor: string): Promise<string[]> {
      const { rows } = await pool.query<{ id: string }>(
        "select id from jobs where executor = $1 and status in ('queued', 'running', 'waiting', 'undoing', 'stuck') order by created_at",
        [executor],
      );
      return rows.map((row) => row.id);
    },

    async step(
      job_id: string,
      name: string,
    ): Promise<{ attempt: number; stuck: boolean; retry_requested: boolean } | undefined> {
      const { rows } = await pool.query(
        `select attempt, job_steps.status = 'failed' and jobs.status = 'stuck' as stuck, retry_requested
         from job_steps join jobs on jobs.id = job_id where job_id = $1 and name = $2`,
        [job_id, name],
      );
      return rows[0];
    },
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** JSON made by PostgreSQL writes instants in the session's zone; ours are ISO 8601 in UTC. */
function withInstants<Row extends object>(row: Row): Row {
  const result = { ...row };
  for (const [field, value] of Object.entries(row)) {
    if ((field === "at" || field.endsWith("_at")) && typeof value === "string") {
      Object.assign(result, { [field]: new Date(value).toISOString() });
    }
  }
  return result;
}
