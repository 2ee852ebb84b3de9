import { z } from "zod";
import { Instant, PageQuery, ProblemDetail, Uuid } from "./terms.ts";

/**
 * queued → running ⇄ waiting (a site does not answer: tries go on until it does, or until somebody cancels)
 * → succeeded; or undoing → undone (a step failed) | cancelled (on request) | stuck (an undo failed: needs a person).
 */
export const JobStatus = z.enum([
  "queued",
  "running",
  "waiting",
  "undoing",
  "succeeded",
  "undone",
  "cancelled",
  "stuck",
]);
export type JobStatus = z.infer<typeof JobStatus>;

/** The statuses that a job does not leave by itself. */
export const ENDED_STATUSES = [
  "succeeded",
  "undone",
  "cancelled",
  "stuck",
] as const satisfies readonly JobStatus[];

export const Progress = z
  .object({
    bytes_done: z.int(),
    bytes_total: z.int().nullable(),
    rate_bytes_per_s: z.number().nullable(),
    remaining_s: z.number().nullable(),
  })
  .meta({ id: "Progress" });
export type Progress = z.infer<typeof Progress>;

export const JobStep = z
  .object({
    name: z.string(),
    title: z.string(),
    status: z.enum(["pending", "running", "waiting", "succeeded", "failed", "undoing", "undone"]),
    attempt: z.int(),
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    progress: Progress.nullable(),
    note: z.string().nullable(),
    problem: ProblemDetail.nullable(),
    request_ids: z.array(z.object({ site: z.string(), request_id: z.string() })),
  })
  .meta({ id: "JobStep" });
export type JobStep = z.infer<typeof JobStep>;

export const JobLogLine = z
  .object({
    at: Instant,
    step: z.string().nullable(),
    level: z.enum(["info", "warning", "error"]),
    message: z.string(),
  })
  .meta({ id: "JobLogLine" });

export const Job = z
  .object({
    id: Uuid,
    kind: z.string().describe("The workflow: `cold-migration`"),
    title: z.string(),
    status: JobStatus,
    owner: z.string().describe("Name of the user who started it"),
    labels: z
      .record(z.string(), z.string())
      .describe("`site`, `server_id`, `target_site`, …: what the job is about"),
    created_at: Instant,
    started_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    cancel_requested: z.boolean(),
    committed: z
      .boolean()
      .describe("Past its point of no return: a cancel ends it where it is and undoes nothing"),
    progress: Progress.nullable().describe("Of the step that moves bytes now, or moved them last"),
    current_step: z.string().nullable().describe("Title of the step at work"),
    problem: ProblemDetail.nullable(),
    retry_of: Uuid.nullable(),
  })
  .meta({ id: "Job" });
export type Job = z.infer<typeof Job>;

export const JobDetail = Job.extend({
  steps: z.array(JobStep),
  input: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).nullable(),
  log: z.array(JobLogLine),
}).meta({ id: "JobDetail" });
export type JobDetail = z.infer<typeof JobDetail>;

export const JobQuery = PageQuery.extend({
  status: z
    .string()
    .regex(/^[a-z]+(,[a-z]+)*$/)
    .optional()
    .describe("One or more, with commas"),
  site: z.string().optional().describe("Jobs that read from or write to this site"),
  server_id: z.string().optional(),
});
