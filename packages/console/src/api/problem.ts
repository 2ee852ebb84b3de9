import type { ProblemDetail } from "@uniview/api";
import { Problem } from "@uniview/api/problems";

/** Whatever was thrown or received, as the API's own shape of a problem. */
export function problemDetail(problem: unknown): ProblemDetail {
  if (problem instanceof Problem) return problem.toJSON();
  if (isDetail(problem)) return problem;
  return new Problem("internal-error", `The console failed: ${String(problem)}`, {
    remedy: "Load the page again; if it stays, report it with this sentence.",
  }).toJSON();
}

/** What a form shows at one of its fields. */
export function fieldProblem(problem: unknown, field: string): string | undefined {
  if (!(problem instanceof Problem)) return undefined;
  if (problem.extras.field === field || problem.extras.field?.endsWith(`.${field}`)) return problem.message;
  return problem.extras.errors?.find((error) => error.field === field)?.detail;
}

export function isProblem(problem: unknown, slug: Problem["slug"]): boolean {
  return problem instanceof Problem && problem.slug === slug;
}

function isDetail(problem: unknown): problem is ProblemDetail {
  return typeof problem === "object" && problem !== null && "detail" in problem && "title" in problem;
}
