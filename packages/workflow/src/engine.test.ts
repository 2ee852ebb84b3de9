import { once } from "node:events";
import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { defineWorkflow, noUndo } from "./definition.ts";
import { createEngine, type Engine, type EngineOptions } from "./engine.ts";
import type { JobStatus } from "./tables.ts";
import { connect, emptyDatabaseUrl } from "./testing-database.ts";

/** What the workflows of this file touch: a list of what was done, and answers that a test can hold back. */
class World {
  readonly did: string[] = [];
  readonly answers = new Map<string, (signal: AbortSignal) => Promise<unknown>>();
  async act(name: string, signal: AbortSignal): Promise<unknown> {
    this.did.push(name);
    return this.answers.get(name)?.(signal);
  }
}

class SiteAway extends Error {
  override readonly name = "SiteAway";
  readonly retryable = true;
  readonly site = "zed";
  readonly token = "gAAAA-very-secret";
}

const threeSteps = defineWorkflow({
  name: "three-steps",
  input: z.object({ server: z.string(), copies: z.number().default(1) }),
  title: (input) => `Three steps for ${input.server}`,
  steps: [{ name: "one", title: "First" }, { name: "two" }, { name: "three" }],
  async run(job, input, world: World) {
    const one = await job.step("one", {
      do: async ({ key, signal }) => {
        await world.act("do one", signal);
        return { key, server: input.server };
      },
      undo: ({ signal }) => world.act("undo one", signal).then(() => {}),
    });
    await job.step("two", {
      do: async (context) => {
        context.progress({ bytes_done: 5, bytes_total: 10, note: "half" });
        context.log("Copying the disk.");
        context.requestId("zed", "req-1");
        await world.act("do two", context.signal);
        context.progress({ bytes_done: 10 });
      },
      undo: ({ signal }) => world.act("undo two", signal).then(() => {}),
    });
    await job.step("three", {
      do: ({ signal }) => world.act("do three", signal),
      undo: noUndo("reads only"),
    });
    return { made: one.key, copies: input.copies };
  },
});

let url: string;
let pool: pg.Pool;
let world: World;
let engine: Engine | undefined;
let changed: () => void = () => {};

beforeAll(async () => {
  url = await emptyDatabaseUrl();
  pool = connect(url);
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});
afterAll(() => pool.end());

async function launch(options: Partial<EngineOptions<World>> = {}): Promise<Engine> {
  engine = createEngine({
    pool,
    workflows: [threeSteps],
    deps: world,
    executor_id: "test",
    on_change: () => changed(),
    ...options,
  });
  await engine.launch();
  return engine;
}

/** Reads the job at each of its changes until it has the status. */
async function reaches(id: string, status: JobStatus, running = engine) {
  for (;;) {
    const next = new Promise<void>((resolve) => {
      changed = resolve;
    });
    const job = await running?.get(id);
    if (job?.status === status) return job;
    await next;
  }
}

/** An answer that stays away until the test gives it; aborting the step ends it with the signal's reason. */
function held() {
  const asked = Promise.withResolvers<AbortSignal>();
  const answer = Promise.withResolvers<unknown>();
  const ask = async (signal: AbortSignal) => {
    asked.resolve(signal);
    const aborted = once(signal, "abort").then(() => Promise.reject(signal.reason));
    return Promise.race([answer.promise, aborted]);
  };
  return { ask, asked: asked.promise, give: answer.resolve };
}

const OWNER = { owner: "ada" };

test("a job runs its steps in order, keeps their figures and its result", async () => {
  world = new World();
  const running = await launch();
  const id = await running.start("three-steps", { server: "web-1" }, { ...OWNER, labels: { site: "zed" } });
  const job = await reaches(id, "succeeded");
  expect(world.did).toEqual(["do one", "do two", "do three"]);
  expect(job).toMatchObject({
    title: "Three steps for web-1",
    owner: "ada",
    input: { server: "web-1", copies: 1 },
    result: { made: `${id}/one`, copies: 1 },
    problem: null,
    progress: { steps_done: 3, steps_total: 3, bytes_done: 10, bytes_total: 10 },
  });
  expect(
    job.steps.map(({ seq, name, title, status, attempt }) => [seq, name, title, status, attempt]),
  ).toEqual([
    [1, "one", "First", "succeeded", 1],
    [2, "two", "two", "succeeded", 1],
    [3, "three", "three", "succeeded", 1],
  ]);
  expect(job.steps[1]).toMatchObject({ note: "half", request_ids: [{ site: "zed", request_id: "req-1" }] });
  expect(job.ended_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect((await running.log(id)).map(({ step, message }) => [step, message])).toEqual([
    ["two", "Copying the disk."],
  ]);
  expect(
    (await running.list({ labels: { site: "zed" }, owner: "ada" })).items.map((item) => item.id),
  ).toEqual([id]);
  expect((await running.list({ owner: "bob" })).items).toEqual([]);
});

test("starting twice under one id starts once", async () => {
  world = new World();
  const running = await launch();
  const id = crypto.randomUUID();
  await running.start("three-steps", { server: "a" }, { ...OWNER, id });
  await running.start("three-steps", { server: "a" }, { ...OWNER, id });
  await reaches(id, "succeeded");
  expect(world.did).toEqual(["do one", "do two", "do three"]);
});

test("a step that fails for good is undone like the ones before it, and the job keeps the reason without secrets", async () => {
  world = new World();
  world.answers.set("do two", () =>
    Promise.reject(Object.assign(new Error("No quota."), { status: 403, password: "x" })),
  );
  const running = await launch();
  const id = await running.start("three-steps", { server: "a" }, OWNER);
  const job = await reaches(id, "undone");
  expect(world.did).toEqual(["do one", "do two", "undo two", "undo one"]);
  expect(job.problem).toEqual({
    name: "Error",
    message: "No quota.",
    retryable: false,
    step: "two",
    details: { status: 403 },
  });
  expect(job.steps.map((step) => step.status)).toEqual(["undone", "undone", "pending"]);
});

test("an undone job is retried as a new one that names the old", async () => {
  world = new World();
  world.answers.set("do two", () => Promise.reject(new Error("No quota.")));
  const running = await launch();
  const first = await running.start("three-steps", { server: "a" }, OWNER);
  await reaches(first, "undone");
  world.answers.clear();
  const second = await running.retry(first);
  const job = await reaches(second, "succeeded");
  expect(job).toMatchObject({ retry_of: first, input: { server: "a" }, owner: "ada" });
  await expect(running.retry(second)).rejects.toMatchObject({ reason: "conflict" });
});

test("of two jobs with one subject the second is refused until the first has ended", async () => {
  world = new World();
  world.answers.set("do two", () => Promise.reject(new SiteAway("zed does not answer.")));
  const running = await launch();
  const about = (subject: string) => ({ ...OWNER, subject });
  const first = await running.start("three-steps", { server: "a" }, about("server a"));
  await reaches(first, "waiting");
  await expect(running.start("three-steps", { server: "a" }, about("server a"))).rejects.toMatchObject({
    reason: "busy",
  });
  await running.start("three-steps", { server: "b" }, about("server b"));
  await running.cancel(first);
  await reaches(first, "cancelled");
  world.answers.clear();
  const second = await running.start("three-steps", { server: "a" }, about("server a"));
  await reaches(second, "succeeded");
  await reaches(await running.retry(first), "succeeded");
});

test("a site that is away makes the job wait, visibly; a cancel ends the waiting and undoes", async () => {
  world = new World();
  world.answers.set("do two", () => Promise.reject(new SiteAway("zed does not answer.")));
  const running = await launch();
  const id = await running.start("three-steps", { server: "a" }, OWNER);
  const waiting = await reaches(id, "waiting");
  expect(waiting.problem).toEqual({
    name: "SiteAway",
    message: "zed does not answer.",
    retryable: true,
    step: "two",
    details: { site: "zed" },
  });
  expect(waiting.steps[1]).toMatchObject({ status: "waiting", attempt: 1 });
  await running.cancel(id);
  const job = await reaches(id, "cancelled");
  expect(world.did).toEqual(["do one", "do two", "undo two", "undo one"]);
  expect(job.problem).toBeNull();
  await expect(running.cancel(id)).rejects.toMatchObject({ reason: "conflict" });
});

test("a waiting job goes on by itself when its site is back", async () => {
  world = new World();
  let answers = 0;
  world.answers.set("do two", async () => {
    answers += 1;
    if (answers === 1) throw new SiteAway("zed does not answer.");
  });
  const running = await launch();
  const id = await running.start("three-steps", { server: "a" }, OWNER);
  const job = await reaches(id, "succeeded");
  expect(job.steps[1]).toMatchObject({ status: "succeeded", attempt: 2, problem: null });
  expect(job.problem).toBeNull();
});

test("a cancel aborts the running step's signal, and the step is undone", async () => {
  world = new World();
  const two = held();
  world.answers.set("do two", two.ask);
  const running = await launch();
  const id = await running.start("three-steps", { server: "a" }, OWNER);
  await two.asked;
  await running.cancel(id);
  await reaches(id, "cancelled");
  expect(world.did).toEqual(["do one", "do two", "undo two", "undo one"]);
});

test("an undo that fails for good leaves the job stuck, also over a restart, and a retry goes on with it", async () => {
  world = new World();
  world.answers.set("do two", () => Promise.reject(new Error("No quota.")));
  world.answers.set("undo two", () => Promise.reject(new Error("Forbidden.")));
  let running = await launch();
  const id = await running.start("three-steps", { server: "a" }, OWNER);
  const stuck = await reaches(id, "stuck");
  expect(stuck.problem?.message).toBe('Could not undo "two": Forbidden.');
  await running.close();
  running = await launch();
  world.answers.clear();
  expect(await running.retry(id)).toBe(id);
  const job = await reaches(id, "undone");
  expect(job.problem?.message).toBe("No quota.");
  expect(world.did).toEqual(["do one", "do two", "undo two", "undo two", "undo one"]);
});

test("only so many jobs work at once, a waiting one does not count, and a queued one can be cancelled", async () => {
  world = new World();
  const one = held();
  const two = held();
  const answers = [() => Promise.reject(new SiteAway("zed is away.")), one.ask];
  world.answers.set("do one", (signal) => (answers.shift() ?? two.ask)(signal));
  const running = await launch({ running_limit: 1 });
  const waiting = await running.start("three-steps", { server: "a" }, OWNER);
  await reaches(waiting, "waiting");
  const working = await running.start("three-steps", { server: "b" }, OWNER);
  await one.asked;
  const queued = await running.start("three-steps", { server: "c" }, OWNER);
  expect(await running.get(queued)).toMatchObject({ status: "queued" });
  await running.cancel(queued);
  await reaches(queued, "cancelled");
  expect(world.did).toEqual(["do one", "do one"]);
  await running.cancel(waiting);
  one.give(undefined);
  await reaches(working, "succeeded");
  await reaches(waiting, "cancelled");
});

test("closing interrupts a step and the next launch runs it again, under the same key", async () => {
  world = new World();
  const two = held();
  world.answers.set("do two", two.ask);
  const first = await launch();
  const id = await first.start("three-steps", { server: "a" }, OWNER);
  await two.asked;
  await first.close();
  expect(await first.get(id)).toMatchObject({ status: "running" });
  world.answers.clear();
  await launch();
  const job = await reaches(id, "succeeded");
  expect(world.did).toEqual(["do one", "do two", "do two", "do three"]);
  expect(job.steps.map((step) => step.attempt)).toEqual([1, 2, 1]);
});

test("connections that the database cuts, also in the middle of a write, cost a job nothing", async () => {
  world = new World();
  const two = held();
  world.answers.set("do two", two.ask);
  const running = await launch();
  const id = await running.start("three-steps", { server: "a" }, OWNER);
  await two.asked;
  const cutting = connect(url);
  const cut =
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  await cutting.query(cut);
  two.give(undefined);
  await cutting.query(cut);
  const observer = createEngine({ pool: cutting, workflows: [], deps: world, executor_id: "observer" });
  const job = await reaches(id, "succeeded", observer);
  expect(job.steps.map((step) => step.attempt)).toEqual([1, 1, 1]);
  await cutting.end();
});

test("input that does not fit and names that are unknown are refused before anything is written", async () => {
  world = new World();
  const running = await launch();
  const before = (await running.list()).items.length;
  await expect(running.start("three-steps", { server: 7 }, OWNER)).rejects.toMatchObject({
    reason: "invalid-input",
  });
  await expect(running.start("no-such", {}, OWNER)).rejects.toMatchObject({ reason: "unknown-workflow" });
  await expect(running.cancel(crypto.randomUUID())).rejects.toMatchObject({ reason: "not-found" });
  expect(await running.get("not-a-uuid")).toBeUndefined();
  expect((await running.list()).items.length).toBe(before);
});

test("lists come in pages, newest first", async () => {
  world = new World();
  const running = await launch();
  const ids: string[] = [];
  for (const server of ["a", "b", "c"]) {
    ids.unshift(await running.start("three-steps", { server }, { owner: "pages" }));
  }
  const first = await running.list({ owner: "pages", limit: 2 });
  const second = await running.list({
    owner: "pages",
    limit: 2,
    ...(first.next ? { after: first.next } : {}),
  });
  expect([...first.items, ...second.items].map((job) => job.id)).toEqual(ids);
  expect(second.next).toBeUndefined();
  for (const id of ids) await reaches(id, "succeeded");
});
