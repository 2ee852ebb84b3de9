/** The engine's own tables, for readers that join them in SQL (shape of Kysely's `Database`). Written by the engine only. */
export interface WorkflowTables {
  jobs: JobsTable;
  job_steps: JobStepsTable;
  job_log: JobLogTable;
}

export type JobStatus =
  | "queued"
  | "running"
  | "waiting"
  | "undoing"
  | "succeeded"
  | "undone"
  | "cancelled"
  | "stuck";

export type StepStatus = "pending" | "running" | "waiting" | "succeeded" | "failed" | "undoing" | "undone";

/** Why a job waits or ended badly, as it may be shown to its owner. */
export interface JobProblem {
  message: string;
  retryable: boolean;
  /** The error's class, for example `OpenStackError`. */
  name: string;
  /** The step in which it happened, if in one. */
  step?: string;
  /** What the error itself tells about the call: site, service, method, path, status, request_id and the like. */
  details?: Record<string, unknown>;
}

/** One request to a site, so that its operator can find it in the site's logs. */
export interface RequestId {
  site: string;
  request_id: string;
}

export interface JobsTable {
  id: string;
  workflow: string;
  title: string;
  owner: string;
  labels: Record<string, string>;
  input: unknown;
  status: JobStatus;
  result: unknown;
  problem: JobProblem | null;
  cancel_requested: boolean;
  /** Past its point of no return: a cancel undoes nothing any more. */
  committed: boolean;
  retry_requested: boolean;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  retry_of: string | null;
  executor: string | null;
  /** What the job has to itself until it has ended. */
  subject: string | null;
}

export interface JobStepsTable {
  job_id: string;
  seq: number;
  name: string;
  title: string;
  status: StepStatus;
  attempt: number;
  started_at: string | null;
  ended_at: string | null;
  bytes_done: number | null;
  bytes_total: number | null;
  rate_bytes_per_s: number | null;
  note: string | null;
  problem: JobProblem | null;
  request_ids: RequestId[];
}

export interface JobLogTable {
  id: number;
  job_id: string;
  step: string | null;
  at: string;
  message: string;
}
