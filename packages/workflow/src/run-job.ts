import { attempt, type Outcome } from "./attempt.ts";
import type { CommittedJob, Job, PlannedStep, StepContext, StepSpec, Workflow } from "./definition.ts";
import type { Desk, JobEnd, Ledger } from "./desk.ts";
import { describeProblem, JobCancelled, StepFailed } from "./failures.ts";
import { recordable } from "./recordable.ts";

interface BegunStep {
  name: string;
  title: string;
  undo: StepSpec<unknown>["undo"];
  undo_may_wait: boolean;
}

const NEVER = new AbortController().signal;

/**
 * Runs a job from its beginning, or again after a crash: what the ledger holds is not done twice.
 *
 * A step's undo is registered before its `do` begins. When the workflow throws, all begun steps are undone in
 * reverse, those that have to wait and may do so last; when a step was cancelled the job ends as `cancelled`, else as `undone`.
 * Behind its point of no return a job succeeds, whatever its last steps come to.
 *
 * @throws only when the ledger itself fails, for example because the workflow's code changed under the job, and when the
 *   workflow throws behind its point of no return
 */
export async function runJob<Input, Deps>(
  workflow: Workflow<Input, unknown, Deps>,
  { id, input }: { id: string; input: Input },
  deps: Deps,
  desk: Desk,
  ledger: Ledger,
): Promise<JobEnd> {
  const begun: BegunStep[] = [];
  const names = new Set<string>();
  const inFlight = new Set<Promise<Outcome>>();
  const over = new AbortController();
  const halt = AbortSignal.any([desk.cancelled, over.signal]);
  const titles = new Map<string, string>();
  const announce = (steps: PlannedStep[]) => {
    for (const { name, title } of steps) titles.set(name, title ?? name);
  };
  announce(workflow.steps(input));
  let cancelled = false;
  let committed = false;
  let pauses = 0;
  let broken: { cause: unknown } | undefined;

  /** No await before the ledger is asked: that is what makes the order of records the order of calls. */
  const record = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    try {
      return await ledger.once(name, act);
    } catch (cause) {
      broken ??= { cause };
      throw cause;
    }
  };

  const refuseWhenOver = () => {
    if (over.signal.aborted)
      throw new JobCancelled("The job is already being ended; no further step is begun.");
  };

  const settle = (outcome: Outcome, step: string): void => {
    if (outcome.state === "failed") throw new StepFailed(step, outcome.problem);
    if (outcome.state !== "stopped") return;
    cancelled ||= outcome.cancelled;
    throw new JobCancelled(outcome.cancelled ? "The job was cancelled." : "Another step of the job failed.");
  };

  const takeName = (name: string) => {
    if (names.has(name))
      throw new Error(
        `Step "${name}" was begun twice in workflow ${workflow.name}; give each step a name of its own.`,
      );
    names.add(name);
  };
  const perform = (name: string, title: string, act: (context: StepContext) => Promise<unknown>) => {
    const working = record(`do ${name}`, () =>
      attempt(desk, { job_id: id, step: name, title, phase: "do", halt, act }),
    );
    inFlight.add(working);
    return working.finally(() => inFlight.delete(working));
  };
  const titleOf = (name: string, title: string | undefined) => title ?? titles.get(name) ?? name;

  const afterwards: CommittedJob = {
    async step(name, spec) {
      takeName(name);
      const outcome = await perform(name, titleOf(name, spec.title), (context) => spec.do(context));
      if (outcome.state === "done") return outcome.value as Awaited<ReturnType<typeof spec.do>>;
      const why = "problem" in outcome ? outcome.problem?.message : undefined;
      return spec.otherwise(why ?? "The job was ended before.");
    },
  };

  const job: Job = {
    id,
    async step(name, spec) {
      refuseWhenOver();
      takeName(name);
      const title = titleOf(name, spec.title);
      const entry = { name, title, undo: spec.undo, undo_may_wait: spec.undo_may_wait ?? false };
      begun.push(entry);
      const outcome = await perform(name, title, (context) => spec.do(context));
      if (outcome.state === "stopped" && !outcome.tried) begun.splice(begun.indexOf(entry), 1);
      settle(outcome, name);
      return (outcome.state === "done" ? outcome.value : undefined) as Awaited<ReturnType<typeof spec.do>>;
    },
    async commit() {
      refuseWhenOver();
      const commit = async (): Promise<Outcome> =>
        (await desk.commit()) ? { state: "done" } : { state: "stopped", cancelled: true, tried: false };
      settle(await record("commit", commit), "commit");
      committed = true;
      return afterwards;
    },
    async plan(steps) {
      refuseWhenOver();
      announce(steps);
      await desk.plan(steps);
    },
    async sleep(duration_ms) {
      refuseWhenOver();
      pauses += 1;
      const name = `sleep ${pauses}`;
      const until = await record(`${name} begins`, async () => desk.now() + duration_ms);
      settle(await record(name, () => sleepUntil(desk, until, halt)), name);
    },
  };

  const finish = async (end: JobEnd): Promise<JobEnd> => {
    await record("end", () => desk.end(end));
    return end;
  };

  let failure: unknown;
  try {
    const result = recordable(
      await workflow.run(job, input, deps),
      `The result of workflow ${workflow.name}`,
    );
    await Promise.all(inFlight); // of a workflow that forgot to await a step
    if (!broken) return await finish({ status: "succeeded", result });
  } catch (error) {
    failure = error;
  }
  over.abort();
  await Promise.allSettled(inFlight);
  if (broken) throw broken.cause;
  if (committed) throw failure;

  const problem = failure instanceof StepFailed ? failure.problem : describeProblem(failure);
  const end: JobEnd = cancelled ? { status: "cancelled", problem: undefined } : { status: "undone", problem };
  await record("undo begins", () => desk.undoing(end.problem));
  const takeBack = async ({ name, title, undo }: BegunStep, as: string, may_wait: boolean) => {
    if (typeof undo !== "function") return true;
    const undoing = {
      job_id: id,
      step: name,
      title,
      phase: "undo",
      halt: NEVER,
      may_wait,
      act: undo,
    } as const;
    return (await record(`${as} ${name}`, () => attempt(desk, undoing))).state !== "put-off";
  };
  const put_off: BegunStep[] = [];
  for (const step of begun.toReversed())
    if (!(await takeBack(step, "undo", step.undo_may_wait))) put_off.push(step);
  for (const step of put_off) await takeBack(step, "undo at last", false);
  return finish(end);
}

async function sleepUntil(desk: Desk, until: number, halt: AbortSignal): Promise<Outcome> {
  desk.rest();
  const stop = AbortSignal.any([halt, desk.closing]);
  while (!stop.aborted && desk.now() < until) await desk.pause(until - desk.now(), stop);
  if (desk.closing.aborted) return desk.park();
  return halt.aborted
    ? { state: "stopped", cancelled: desk.cancelled.aborted, tried: false }
    : { state: "done" };
}
