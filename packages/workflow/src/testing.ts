import type { StepContext, Workflow } from "./definition.ts";
import type { JobEnd, Phase } from "./desk.ts";
import { MemoryDesk, MemoryLedger, type MemoryStep } from "./memory-desk.ts";
import { runJob } from "./run-job.ts";

/**
 * The three tests that every workflow is put through. They run the workflow's real code over real dependencies
 * (a sandbox site, a database), only the engine's own memory is in this process.
 *
 * `makeDeps` builds a fresh world for each run, `input` may be a function of it.
 */
export interface Trial<Input, Deps> {
  workflow: Workflow<Input, unknown, Deps>;
  input: Input | ((deps: Deps) => Input);
  makeDeps: () => Promise<Deps> | Deps;
  /** Called after each run, also after a failed one. */
  discardDeps?: (deps: Deps) => Promise<void> | void;
}

type Assert<Deps> = (deps: Deps, about: string) => Promise<void> | void;

export interface MemoryRun {
  id: string;
  end: JobEnd;
  steps: Map<string, MemoryStep>;
  log: { step: string; message: string }[];
}

export interface MemoryRunOptions {
  id?: string;
  /** Abort it to cancel the job. */
  cancelled?: AbortSignal;
  ledger?: MemoryLedger;
}

/** Runs a workflow as the engine would, without a database and without waiting for real between tries. */
export async function runInMemory<Input, Deps>(
  workflow: Workflow<Input, unknown, Deps>,
  input: Input,
  deps: Deps,
  options: MemoryRunOptions = {},
): Promise<MemoryRun> {
  const id = options.id ?? crypto.randomUUID();
  const desk = new MemoryDesk(options.cancelled);
  const checked = workflow.input.parse(input) as Input;
  const end = await runJob(
    workflow,
    { id, input: checked },
    deps,
    desk,
    options.ledger ?? new MemoryLedger(),
  );
  return { id, end, steps: desk.steps, log: desk.log_entries };
}

/**
 * Fails each step once before and once after it acted; each time the job has to be undone and nothing left. Behind
 * the point of no return it has to succeed, and to keep what it made.
 */
export async function everyStepCanFail<Input, Deps>(
  trial: Trial<Input, Deps>,
  assertNothingLeft: Assert<Deps>,
  assertKept?: Assert<Deps>,
): Promise<void> {
  for (const { name: step, committed } of await stepsOf(trial)) {
    for (const when of ["before", "after"] as const) {
      const about = `step "${step}" failed ${when} it acted`;
      await inWorld(trial, about, async (deps, input) => {
        const failing = interfere(trial.workflow, ({ phase, name, moment }) => {
          if (phase === "do" && name === step && moment === when) throw new PlannedFailure(about);
        });
        const { end } = await runInMemory(failing, input, deps);
        const wanted = committed ? "succeeded" : "undone";
        if (end.status !== wanted) throw new Error(`the job ended as "${end.status}" instead of "${wanted}"`);
        if (end.status === "succeeded") return assertKept?.(deps, about);
        if (end.problem?.name !== "PlannedFailure")
          throw new Error(`the job failed otherwise: ${end.problem?.message}`);
        await assertNothingLeft(deps, about);
      });
    }
  }
}

/** Kills the process after each step acted but before that was recorded; the job has to reach its end all the same. */
export async function everyStepCanRepeat<Input, Deps>(
  trial: Trial<Input, Deps>,
  assertDone: Assert<Deps>,
): Promise<void> {
  for (const { name: step } of await stepsOf(trial)) {
    const about = `the process died after step "${step}" acted`;
    await inWorld(trial, about, async (deps, input) => {
      const end = await runThroughCrash(trial.workflow, input, deps, { phase: "do", name: step });
      if (end.status !== "succeeded")
        throw new Error(`the job ended as "${end.status}": ${end.problem?.message}`);
      await assertDone(deps, about);
    });
  }
}

/** Fails the last step that can be undone, and kills the process after each undo acted; nothing may be left, as if it had run once. */
export async function everyUndoCanRepeat<Input, Deps>(
  trial: Trial<Input, Deps>,
  assertNothingLeft: Assert<Deps>,
): Promise<void> {
  const steps = (await stepsOf(trial)).filter(({ committed }) => !committed);
  const last = steps.at(-1)?.name;
  const failing = interfere(trial.workflow, ({ phase, name, moment }) => {
    if (phase === "do" && name === last && moment === "after")
      throw new PlannedFailure("the last step failed");
  });
  for (const { name: step } of steps) {
    const about = `the process died after the undo of step "${step}" acted`;
    await inWorld(trial, about, async (deps, input) => {
      const end = await runThroughCrash(failing, input, deps, { phase: "undo", name: step });
      if (end.status !== "undone") throw new Error(`the job ended as "${end.status}" instead of "undone"`);
      await assertNothingLeft(deps, about);
    });
  }
}

class PlannedFailure extends Error {
  override readonly name = "PlannedFailure";
}

interface Moment {
  phase: Phase;
  name: string;
  moment: "before" | "after";
  /** Behind the point of no return. */
  committed: boolean;
}

/** The same workflow, with something that happens around each `do` and `undo`. */
function interfere<Input, Deps>(
  workflow: Workflow<Input, unknown, Deps>,
  happen: (moment: Moment) => unknown,
): Workflow<Input, unknown, Deps> {
  const around = <Result>(
    phase: Phase,
    name: string,
    act: (context: StepContext) => Promise<Result>,
    committed = false,
  ) => {
    return async (context: StepContext): Promise<Result> => {
      await happen({ phase, name, moment: "before", committed });
      const result = await act(context);
      await happen({ phase, name, moment: "after", committed });
      return result;
    };
  };
  return {
    ...workflow,
    run: (job, input, deps) =>
      workflow.run(
        {
          id: job.id,
          plan: job.plan,
          sleep: job.sleep,
          commit: async () => {
            const committed = await job.commit();
            return {
              step: (name, spec) =>
                committed.step(name, {
                  ...spec,
                  do: around("do", name, (context) => spec.do(context), true),
                }),
            };
          },
          step: (name, spec) =>
            job.step(name, {
              ...spec,
              do: around("do", name, (context) => spec.do(context)),
              undo: typeof spec.undo === "function" ? around("undo", name, spec.undo) : spec.undo,
            }),
        },
        input,
        deps,
      ),
  };
}

/** Abandons the run at the moment of the crash and runs the job again from the top over the same ledger. */
async function runThroughCrash<Input, Deps>(
  workflow: Workflow<Input, unknown, Deps>,
  input: Input,
  deps: Deps,
  crash: Pick<Moment, "phase" | "name">,
): Promise<JobEnd> {
  const ledger = new MemoryLedger();
  const crashed = Promise.withResolvers<"crashed">();
  const dying = interfere(workflow, ({ phase, name, moment }) => {
    if (phase !== crash.phase || name !== crash.name || moment !== "after") return;
    crashed.resolve("crashed");
    return new Promise<never>(() => {});
  });
  const id = crypto.randomUUID();
  const first = await Promise.race([runInMemory(dying, input, deps, { id, ledger }), crashed.promise]);
  if (first !== "crashed") return first.end; // a step without undo, or one that this run did not need
  ledger.rewind();
  return (await runInMemory(workflow, input, deps, { id, ledger })).end;
}

async function stepsOf<Input, Deps>(
  trial: Trial<Input, Deps>,
): Promise<Pick<Moment, "name" | "committed">[]> {
  const steps: Pick<Moment, "name" | "committed">[] = [];
  await inWorld(trial, "nothing went wrong", async (deps, input) => {
    const watched = interfere(trial.workflow, ({ name, moment, committed }) => {
      if (moment === "after") steps.push({ name, committed });
    });
    const { end } = await runInMemory(watched, input, deps);
    if (end.status !== "succeeded")
      throw new Error(`the job ended as "${end.status}": ${end.problem?.message}`);
  });
  return steps;
}

async function inWorld<Input, Deps>(
  trial: Trial<Input, Deps>,
  about: string,
  act: (deps: Deps, input: Input) => Promise<void>,
): Promise<void> {
  const deps = await trial.makeDeps();
  const input =
    typeof trial.input === "function" ? (trial.input as (deps: Deps) => Input)(deps) : trial.input;
  try {
    await act(deps, input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Workflow ${trial.workflow.name}: when ${about}, ${reason}`, { cause: error });
  } finally {
    await trial.discardDeps?.(deps);
  }
}
