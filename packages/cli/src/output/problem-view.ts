import type { ProblemDetail } from "@uniview/api";
import type { Paint } from "./paint.ts";
import { harmless } from "./text-width.ts";

/** A problem for people: the sentence, each field at fault, what to do, and whom to quote it to. */
export function renderProblem(problem: ProblemDetail, paint: Paint): string {
  const lines = [paint("red", `✗ ${harmless(problem.detail)}`)];
  for (const { field, detail } of problem.errors ?? []) {
    if (!problem.detail.includes(detail)) lines.push(`  ${harmless(`${field}: ${detail}`)}`);
  }
  if (problem.remedy) lines.push(`  ${harmless(problem.remedy)}`);
  const origin = [
    problem.site && `site ${problem.site}`,
    problem.service,
    problem.request_id && `request ${problem.request_id}`,
    problem.job_id && `job ${problem.job_id}`,
  ].filter((part) => part);
  if (origin.length > 0) lines.push(paint("dim", `  ${harmless(origin.join(" · "))}`));
  return lines.join("\n");
}
