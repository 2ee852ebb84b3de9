import type { StepContext } from "./definition.ts";
import type { Desk, Phase } from "./desk.ts";
import { describeProblem } from "./failures.ts";
import { type Json, recordable } from "./recordable.ts";
import type { JobProblem } from "./tables.ts";

/** Waits between tries: long enough to spare a sick site, short enough that its return is noticed by a person watching. */
export const FIRST_WAIT_MS = 2_000;
export const LONGEST_WAIT_MS = 30_000;

/** What is recorded of a `do` or `undo`; a replay sees this and nothing else. */
export type Outcome =
  | { state: "done"; value?: Json | undefined }
  | { state: "failed"; problem: JobProblem }
  /** Of an undo that may wait: it did not succeed yet. */
  | { state: "put-off" }
  /** `tried` tells whether the step may have left something behind, `problem` what it was waiting for. */
  | { state: "stopped"; cancelled: boolean; tried: boolean; problem?: JobProblem | undefined };

export interface Attempted {
  job_id: string;
  step: string;
  title: string;
  phase: Phase;
  /** Ends a `do` early: a cancel, or the failure of a step beside it. Never aborted for an undo. */
  halt: AbortSignal;
  /** Gives up, for now, instead of waiting. */
  may_wait?: boolean;
  act(context: StepContext): Promise<unknown>;
}

/**
 * Does what a step or its undo wants, for as long as it takes: what may pass by itself is waited for and tried
 * again without end. A `do` that fails for good ends in an outcome; an undo that does needs a person.
 */
export async function attempt(desk: Desk, what: Attempted): Promise<Outcome> {
  const { step, title, phase, halt } = what;
  const stop = AbortSignal.any([halt, desk.closing]);
  let wait_ms = FIRST_WAIT_MS;
  let tried = false;
  let waits_for: JobProblem | undefined;
  if (phase === "undo") await desk.whileStuck(step);
  for (;;) {
    if (desk.closing.aborted) return desk.park();
    if (halt.aborted) return stopped(desk, step, tried || (await desk.triedBefore(step)), waits_for);
    if (!(await desk.enter(stop))) continue;
    tried = true;
    const result = await tryOnce(desk, what, stop).finally(() => desk.leave());
    const problem = "problem" in result ? result.problem : undefined;
    if (problem === undefined) {
      await desk.succeeded(step, phase);
      return { state: "done", value: "value" in result ? result.value : undefined };
    }
    if (desk.closing.aborted) return desk.park();
    if (halt.aborted) return stopped(desk, step, true, waits_for);
    if (problem.retryable) {
      waits_for = problem;
      desk.rest();
      await desk.waiting(step, phase, problem);
      if (what.may_wait) return { state: "put-off" };
      await desk.pause(wait_ms, stop);
      wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
      continue;
    }
    if (phase === "do") {
      await desk.failed(step, problem);
      return { state: "failed", problem };
    }
    desk.rest();
    await desk.stuck(step, { ...problem, message: `Could not undo "${title}": ${problem.message}` });
    wait_ms = FIRST_WAIT_MS;
  }
}

async function stopped(
  desk: Desk,
  step: string,
  tried: boolean,
  problem: JobProblem | undefined,
): Promise<Outcome> {
  if (tried) await desk.interrupted(step);
  return { state: "stopped", cancelled: desk.cancelled.aborted, tried, problem };
}

async function tryOnce(
  desk: Desk,
  what: Attempted,
  signal: AbortSignal,
): Promise<{ value: Json | undefined } | { problem: JobProblem }> {
  const { job_id, step, title, phase } = what;
  const attempt = await desk.trying(step, title, phase);
  try {
    const value = await what.act({
      key: `${job_id}/${step}`,
      signal,
      attempt,
      progress: (figures) => desk.progress(step, figures),
      log: (message) => desk.log(step, message),
      requestId: (site, request_id) => desk.requestId(step, site, request_id),
    });
    return { value: phase === "do" ? recordable(value, `The result of step "${step}"`) : undefined };
  } catch (error) {
    return { problem: describeProblem(error, step) };
  }
}
