import {
  type Client,
  ENDED_STATUSES,
  endpoints,
  type JobDetail,
  type JobStatus,
  Problem,
} from "@uniview/api";
import { wakeUps } from "./wake-up.ts";

/** A job outlives its server: so long does a wait go on while Uniview does not answer, e.g. over a restart. */
const SILENCE_MS = 10 * 60_000;

export interface JobFollower {
  readonly client: Client;
  readonly id: string;
  readonly signal: AbortSignal;
  readonly on_job: (job: JobDetail) => void;
  /** Uniview did not answer, and is asked again. */
  readonly on_silence: (problem: Problem) => void;
}

/**
 * Follows a job to its end.
 *
 * @throws Problem what Uniview answered, or that it did not for `SILENCE_MS`; an abort error on Ctrl-C
 */
export async function followJob({ client, id, signal, on_job, on_silence }: JobFollower): Promise<JobDetail> {
  let answered_at = Date.now();
  for await (const _ of wakeUps(client, (change) => change.type === "job" && change.id === id, signal)) {
    try {
      const job = await client.call(endpoints.getJob, { params: { id }, signal });
      answered_at = Date.now();
      on_job(job);
      if (hasEnded(job.status)) return job;
    } catch (error) {
      if (!mayPass(error) || Date.now() - answered_at > SILENCE_MS) throw error;
      on_silence(error);
    }
  }
  throw new Problem("internal-error", `The wait for the job ${id} ended before the job did.`);
}

export function hasEnded(status: JobStatus): boolean {
  return (ENDED_STATUSES as readonly JobStatus[]).includes(status);
}

function mayPass(error: unknown): error is Problem {
  return error instanceof Problem && (error.retryable || error.slug === "internal-error");
}
