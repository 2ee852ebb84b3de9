import type { JobProblem } from "./tables.ts";

/** A step failed for good. `problem` is what was recorded, the same after a replay. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  readonly step: string;
  readonly problem: JobProblem;
  constructor(step: string, problem: JobProblem) {
    super(problem.message);
    this.step = step;
    this.problem = problem;
  }
}

/** The job was cancelled, or a step beside this one failed; not for workflows to catch. */
export class JobCancelled extends Error {
  override readonly name = "JobCancelled";
}

/** A request about a job that its state does not allow, or about a job that is not there. */
export class JobRefused extends Error {
  override readonly name = "JobRefused";
  readonly reason: "not-found" | "conflict" | "busy" | "invalid-input" | "unknown-workflow";
  constructor(reason: JobRefused["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What says that PostgreSQL went away for a while rather than that the query is wrong: classes 08 and 57P, and sockets. */
const DATABASE_AWAY = /^(08...|57P0[1-3]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
/** `pg` says these without a code. */
const CONNECTION_LOST =
  /^Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Whether trying again may help. The error itself says so; a database that is away always comes back. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return "retryable" in error ? error.retryable === true : isDatabaseAway(error);
}

/** Whether an error of `pg` says that PostgreSQL does not answer now, rather than that it refuses a query. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (CONNECTION_LOST.test(error.message)) return true;
  if (!("code" in error) || typeof error.code !== "string") return false;
  const socketMissing = error.code === "ENOENT" && "syscall" in error && error.syscall === "connect";
  return socketMissing || DATABASE_AWAY.test(error.code);
}

const SECRET_NAMES = /token|secret|password|authorization|cookie|credential/i;
const DETAIL_LENGTH = 1_000;
const MESSAGE_LENGTH = 4_000;

/** An error as it is kept and shown: its sentence, and its plain own fields except those that may hold a secret. */
export function describeProblem(error: unknown, step?: string): JobProblem {
  const known = error instanceof Error ? error : new Error(String(error));
  const details: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(known)) {
    if (field === "name" || field === "retryable" || SECRET_NAMES.test(field)) continue;
    if (typeof value === "number" || typeof value === "boolean") details[field] = value;
    if (typeof value === "string") details[field] = value.slice(0, DETAIL_LENGTH);
  }
  return {
    name: known.name,
    message: (known.message || known.name).slice(0, MESSAGE_LENGTH),
    retryable: isRetryable(error),
    ...(step === undefined ? {} : { step }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}
