import { expect, test } from "vitest";
import { z } from "zod";
import { defineWorkflow, noUndo, type StepSpec } from "./definition.ts";
import { everyStepCanFail, everyStepCanRepeat, everyUndoCanRepeat, runInMemory } from "./testing.ts";

/** A site that keeps things by the key of the step that made them. */
class Site {
  readonly things = new Map<string, string>();
  creations = 0;
  create(key: string): string {
    const known = this.things.get(key);
    if (known) return known;
    this.creations += 1;
    this.things.set(key, `thing-${this.creations}`);
    return `thing-${this.creations}`;
  }
}

function building(volume: Partial<StepSpec<string>> = {}) {
  return defineWorkflow({
    name: "build",
    input: z.object({ name: z.string() }),
    title: ({ name }) => `Build ${name}`,
    async run(job, _input, site: Site) {
      const made = await job.step("volume", {
        do: async ({ key }) => site.create(key),
        undo: async ({ key }) => void site.things.delete(key),
        ...volume,
      });
      await job.step("boot", {
        do: async ({ key }) => site.create(`${key}:${made}`),
        undo: async ({ key }) => void site.things.delete(`${key}:${made}`),
      });
      await job.step("check", { do: async () => undefined, undo: noUndo("reads only") });
      return made;
    },
  });
}

const makeDeps = () => new Site();
const input = { name: "web" };
const nothingLeft = (site: Site) => expect([...site.things]).toEqual([]);
const twoThings = (site: Site) => expect(site.creations).toBe(2);

test("a workflow that keeps its promises passes all three", async () => {
  const trial = { workflow: building(), input, makeDeps };
  await everyStepCanFail(trial, nothingLeft);
  await everyStepCanRepeat(trial, twoThings);
  await everyUndoCanRepeat(trial, nothingLeft);
});

test("a forgotten undo is found", async () => {
  const trial = { workflow: building({ undo: noUndo("forgotten") }), input, makeDeps };
  await expect(everyStepCanFail(trial, nothingLeft)).rejects.toThrow(/step "volume" failed after it acted/);
});

test("a do that creates twice is found", async () => {
  let count = 0;
  const workflow = defineWorkflow({
    name: "careless",
    input: z.object({}),
    title: () => "Careless",
    run: (job, _input, site: Site) =>
      job.step("make", {
        do: async ({ key }) => site.create(`${key}${count++}`),
        undo: noUndo("not tested here"),
      }),
  });
  const trial = { workflow, input: {}, makeDeps };
  await expect(everyStepCanRepeat(trial, (site) => expect(site.creations).toBe(1))).rejects.toThrow(
    /died after step "make"/,
  );
});

test("an undo that cannot run twice is found", async () => {
  const undo: StepSpec<string>["undo"] = async ({ key }) => {
    if (!sites.at(-1)?.things.delete(key)) throw new Error("404 no such volume");
  };
  const sites: Site[] = [];
  const remembered = () => {
    const site = new Site();
    sites.push(site);
    return site;
  };
  const trial = { workflow: building({ undo }), input, makeDeps: remembered };
  await expect(everyUndoCanRepeat(trial, nothingLeft)).rejects.toThrow(
    /undo of step "volume".*404 no such volume/,
  );
});

test("an undo that leans on a variable which only do sets is found, because a replay does not run do again", async () => {
  const workflow = defineWorkflow({
    name: "forgetful",
    input: z.object({}),
    title: () => "Forgetful",
    async run(job, _input, site: Site) {
      let volume: string | undefined;
      await job.step("volume", {
        do: async ({ key }) => {
          volume = key;
          site.create(key);
        },
        undo: async () => {
          if (volume) site.things.delete(volume);
        },
      });
      await job.step("boot", { do: async () => undefined, undo: async () => {} });
    },
  });
  await expect(everyUndoCanRepeat({ workflow, input: {}, makeDeps }, nothingLeft)).rejects.toThrow(
    /undo of step "boot"/,
  );
});

test("a result that cannot be recorded is refused, naming the place", async () => {
  const { end } = await runInMemory(
    building({ do: async () => ({ at: [new Date()] }) as unknown as string }),
    input,
    new Site(),
  );
  expect(end).toMatchObject({
    status: "undone",
    problem: {
      message: 'The result of step "volume" cannot be recorded: at at[0] it holds a Date; return plain JSON.',
    },
  });
});

test("steps beside each other stop when one fails, and all of them are undone", async () => {
  const stopped: string[] = [];
  const undone: string[] = [];
  const workflow = defineWorkflow({
    name: "beside",
    input: z.object({}),
    title: () => "Beside",
    async run(job, _input, _deps: object) {
      const undo = (name: string) => async () => void undone.push(name);
      const slow: StepSpec<void> = {
        do: ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              stopped.push("slow");
              reject(signal.reason);
            });
          }),
        undo: undo("slow"),
      };
      const broken: StepSpec<void> = {
        do: () => Promise.reject(new Error("No space.")),
        undo: undo("broken"),
      };
      await Promise.all([job.step("slow", slow), job.step("broken", broken)]);
    },
  });
  const { end } = await runInMemory(workflow, {}, {});
  expect(end).toMatchObject({ status: "undone", problem: { message: "No space." } });
  expect([stopped, undone]).toEqual([["slow"], ["broken", "slow"]]);
});

test("a cancel before a step is tried ends the job without undoing that step", async () => {
  const site = new Site();
  const cancel = new AbortController();
  const undone: string[] = [];
  const workflow = building({
    do: async ({ key }) => {
      cancel.abort();
      return site.create(key);
    },
    undo: async ({ key }) => {
      undone.push(key);
      site.things.delete(key);
    },
  });
  const { id, end, steps } = await runInMemory(workflow, input, site, { cancelled: cancel.signal });
  expect(end.status).toBe("cancelled");
  expect(undone).toEqual([`${id}/volume`]);
  expect([...steps.keys()]).toEqual(["volume"]);
});

test("what may pass by itself is tried again until it does, and sleeping takes no real time here", async () => {
  let tries = 0;
  const workflow = defineWorkflow({
    name: "patient",
    input: z.object({}),
    title: () => "Patient",
    async run(job, _input, _deps: object) {
      await job.sleep(86_400_000);
      return job.step("ask", {
        do: async ({ attempt }) => {
          tries += 1;
          if (tries < 4) throw Object.assign(new Error("503"), { retryable: true });
          return attempt;
        },
        undo: noUndo("reads only"),
      });
    },
  });
  expect((await runInMemory(workflow, {}, {})).end).toEqual({ status: "succeeded", result: 4 });
});
