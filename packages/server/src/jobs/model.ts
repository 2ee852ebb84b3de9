import type { Job, JobDetail, JobStep, Progress } from "@uniview/api";
import type { JobLogTable, JobSummary, JobStep as StepRow } from "@uniview/workflow";
import type { z } from "zod";
import { problemOfJob } from "./job-problems.ts";

/** Rows of the engine as the contract shows them. */

export function showJob(job: JobSummary, owner: string): Job {
  const { progress } = job;
  return {
    id: job.id,
    kind: job.workflow,
    title: job.title,
    status: job.status,
    owner,
    labels: Object.fromEntries(Object.entries(job.labels).filter(([name]) => !name.includes(":"))),
    created_at: job.created_at,
    started_at: job.started_at,
    ended_at: job.ended_at,
    cancel_requested: job.cancel_requested,
    committed: job.committed,
    progress:
      progress.bytes_total > 0 || progress.bytes_done > 0
        ? showProgress(progress.bytes_done, progress.bytes_total, progress.rate_bytes_per_s)
        : null,
    current_step: progress.step,
    problem: job.problem && problemOfJob(job.problem),
    retry_of: job.retry_of,
  };
}

export function showStep(step: StepRow): JobStep {
  return {
    name: step.name,
    title: step.title,
    status: step.status,
    attempt: step.attempt,
    started_at: step.started_at,
    ended_at: step.ended_at,
    progress:
      step.bytes_done === null
        ? null
        : showProgress(
            step.bytes_done,
            step.bytes_total,
            step.status === "running" ? step.rate_bytes_per_s : null,
          ),
    note: step.note,
    problem: step.problem && problemOfJob(step.problem),
    request_ids: step.request_ids,
  };
}

export function showLogLine({ at, step, message }: JobLogTable): z.infer<typeof JobDetail>["log"][number] {
  return { at, step, level: "info", message };
}

/** Time left at the rate of now; none where the whole or the rate is not known. */
export function showProgress(bytes_done: number, bytes_total: number | null, rate: number | null): Progress {
  const total = bytes_total && bytes_total > 0 ? bytes_total : null;
  const rate_bytes_per_s = rate && rate > 0 ? rate : null;
  const remaining_s =
    total !== null && rate_bytes_per_s !== null ? Math.max(0, total - bytes_done) / rate_bytes_per_s : null;
  return { bytes_done, bytes_total: total, rate_bytes_per_s, remaining_s };
}
