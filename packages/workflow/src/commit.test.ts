import { expect, test } from "vitest";
import { z } from "zod";
import { defineWorkflow } from "./definition.ts";
import { everyStepCanFail, everyUndoCanRepeat, runInMemory } from "./testing.ts";

class SiteAway extends Error {
  readonly retryable = true;
}

interface World {
  copy: boolean;
  /** Throws or not, when the source is locked. */
  lock(): void;
}

/** Makes a copy, and from then on only tidies. */
const moving = defineWorkflow({
  name: "moving",
  input: z.object({}),
  title: () => "Move",
  async run(job, _input, world: World) {
    await job.step("copy", {
      do: async () => {
        world.copy = true;
      },
      undo: async () => {
        world.copy = false;
      },
    });
    const after = await job.commit();
    const lock = await after.step("lock", {
      do: async () => {
        world.lock();
        return "locked";
      },
      otherwise: (why) => `not locked: ${why}`,
    });
    const report = await after.step("report", { do: async () => "seen", otherwise: () => "unseen" });
    return [lock, report];
  },
});

const world = (lock: () => void = () => {}): World => ({ copy: false, lock });
const away = () => {
  throw new SiteAway("zed does not answer.");
};

test("a step that fails behind the point of no return is named in the result, and nothing is undone", async () => {
  const made = world(() => {
    throw new Error("Policy does not allow it.");
  });
  const { end, steps } = await runInMemory(moving, {}, made);
  expect(end).toEqual({ status: "succeeded", result: ["not locked: Policy does not allow it.", "seen"] });
  expect(made.copy).toBe(true);
  expect(steps.get("lock")?.status).toBe("failed");
});

test("a job that waits behind the point of no return ends when it is cancelled, and says what it waited for", async () => {
  const cancel = new AbortController();
  let tries = 0;
  const made = world(() => {
    tries += 1;
    if (tries === 3) cancel.abort();
    away();
  });
  const { end } = await runInMemory(moving, {}, made, { cancelled: cancel.signal });
  expect(end).toEqual({ status: "succeeded", result: ["not locked: zed does not answer.", "unseen"] });
  expect(made.copy).toBe(true);
});

test("a cancel before the point of no return undoes the job", async () => {
  const cancel = new AbortController();
  const made = world();
  const copying = {
    get copy() {
      return made.copy;
    },
    set copy(there: boolean) {
      made.copy = there;
      if (there) cancel.abort();
    },
    lock: away,
  };
  const { end } = await runInMemory(moving, {}, copying, { cancelled: cancel.signal });
  expect(end.status).toBe("cancelled");
  expect(made.copy).toBe(false);
});

test("the trials know the point of no return: behind it a failure keeps the copy", async () => {
  const trial = { workflow: moving, input: {}, makeDeps: () => world() };
  const kept: string[] = [];
  await everyStepCanFail(
    trial,
    (made) => expect(made.copy).toBe(false),
    (made, about) => {
      kept.push(about);
      expect(made.copy).toBe(true);
    },
  );
  expect(kept).toHaveLength(4);
  await everyUndoCanRepeat(trial, (made) => expect(made.copy).toBe(false));
});
