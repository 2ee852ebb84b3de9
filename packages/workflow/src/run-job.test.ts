import { expect, test } from "vitest";
import { z } from "zod";
import { defineWorkflow, type StepSpec } from "./definition.ts";
import { runInMemory } from "./testing.ts";

class SiteAway extends Error {
  readonly retryable = true;
}

/** Three steps and a failure; the undo of the second finds its site away a few times. */
const failing = (second: Pick<StepSpec<void>, "undo_may_wait">) =>
  defineWorkflow({
    name: "failing",
    input: z.object({}),
    title: () => "Fails at its end",
    async run(job, _input, { did, away }: { did: string[]; away: { times: number } }) {
      const step = (name: string, extra = {}) =>
        job.step(name, { do: async () => {}, undo: async () => void did.push(name), ...extra });
      await step("one");
      await step("two", {
        ...second,
        undo: async () => {
          if (away.times-- > 0) throw new SiteAway("The site does not answer.");
          did.push("two");
        },
      });
      await step("three");
      throw new Error("No quota.");
    },
  });

const undoneBy = async (second: Pick<StepSpec<void>, "undo_may_wait">, times: number) => {
  const did: string[] = [];
  const { end, steps } = await runInMemory(failing(second), {}, { did, away: { times } });
  expect(end.status).toBe("undone");
  expect([...steps.values()].map(({ status }) => status)).toEqual(["undone", "undone", "undone"]);
  return did;
};

test("an undo waits for the one of the step after it", async () => {
  expect(await undoneBy({}, 3)).toEqual(["three", "two", "one"]);
});

test("an undo that may wait holds up none before it, and is waited for at the end", async () => {
  expect(await undoneBy({ undo_may_wait: true }, 3)).toEqual(["three", "one", "two"]);
});

test("an undo that may wait but need not keeps its place", async () => {
  expect(await undoneBy({ undo_may_wait: true }, 0)).toEqual(["three", "two", "one"]);
});
