import { PROBLEMS, Problem, type ProblemDetail, type ProblemSlug } from "@uniview/api";
import type { JobProblem } from "@uniview/workflow";

/**
 * A problem on its way into a job's record and out again. The engine keeps an error's sentence and its plain fields,
 * so what a problem says beside its sentence is spread onto the error itself.
 */
export class RecordedProblem extends Error {
  override readonly name = "Problem";
  readonly retryable: boolean;

  constructor(problem: Problem) {
    super(problem.message, { cause: problem });
    this.retryable = problem.retryable;
    Object.assign(this, { ...problem.extras, slug: problem.slug });
  }
}

/** A recorded problem as the contract has it; what was no problem of ours is an internal error. */
export function problemOfJob({ message, details = {} }: JobProblem): ProblemDetail {
  const { slug, site, service, remedy, request_id } = details;
  const extras = Object.fromEntries(
    Object.entries({ site, service, remedy, request_id }).filter(([, value]) => typeof value === "string"),
  );
  return new Problem(isSlug(slug) ? slug : "internal-error", message, extras).toJSON();
}

function isSlug(slug: unknown): slug is ProblemSlug {
  return typeof slug === "string" && Object.hasOwn(PROBLEMS, slug);
}
