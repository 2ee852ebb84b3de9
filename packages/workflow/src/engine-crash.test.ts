import { type ChildProcess, fork } from "node:child_process";
import { on, once } from "node:events";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createEngine, type Engine } from "./engine.ts";
import { migrateWorkflow } from "./migrate.ts";
import type { JobStatus } from "./tables.ts";
import { connect, emptyDatabaseUrl } from "./testing-database.ts";

const PROGRAM = fileURLToPath(new URL("../test/engine-process.ts", import.meta.url));

let url: string;
let pool: pg.Pool;
/** An engine that was not launched: it runs nothing, but reads, and asks for cancels and retries. */
let other: Engine;
let announcements: pg.Client;
let children: Child[] = [];

beforeAll(async () => {
  url = await emptyDatabaseUrl();
  pool = connect(url);
  other = createEngine({ pool, workflows: [], deps: {}, executor_id: "other" });
  await migrateWorkflow(pool);
  announcements = new pg.Client({ connectionString: url });
  await announcements.connect();
  await announcements.query("listen job");
});
afterEach(async () => {
  for (const child of children) await child.kill();
  children = [];
});
afterAll(async () => {
  await announcements.end();
  await pool.end();
});

interface Child {
  /** The acts that were told so far, in order. */
  acts: { act: string; key: string }[];
  hears(act: string): Promise<void>;
  answer(error?: string): void;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
}

function run(env: Record<string, string>): Child {
  const process_: ChildProcess = fork(PROGRAM, [url, `executor-${env["EXECUTOR"] ?? "a"}`], {
    env: { ...process.env, ...env },
  });
  const acts: Child["acts"] = [];
  process_.on("message", (message) => acts.push(message as Child["acts"][number]));
  const child: Child = {
    acts,
    async hears(act) {
      if (acts.some((one) => one.act === act)) return;
      for await (const [message] of on(process_, "message")) if (message.act === act) return;
    },
    answer: (error) => void process_.send({ error }),
    signal: (signal) => void process_.kill(signal),
    async kill() {
      if (process_.exitCode !== null || process_.signalCode !== null) return;
      process_.kill("SIGKILL");
      await once(process_, "exit");
    },
  };
  children.push(child);
  return child;
}

async function reaches(id: string, status: JobStatus) {
  for (;;) {
    const next = once(announcements, "notification");
    const job = await other.get(id);
    if (job?.status === status) return job;
    await next;
  }
}

test("killed in the middle of a step, the job goes on by itself: the step again under its key, the ones before not", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do two" });
  await first.hears("do two");
  await first.kill();
  const second = run({});
  const job = await reaches(id, "succeeded");
  expect(job.result).toBe("moved");
  expect(first.acts.map((one) => one.act)).toEqual(["do one", "do two"]);
  expect(second.acts.map((one) => one.act)).toEqual(["do two", "do three"]);
  expect(second.acts[0]?.key).toBe(first.acts[1]?.key);
});

test("killed in the middle of an undo, the undo goes on by itself and the reason is kept", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do three,undo two", EXECUTOR: "b" });
  await first.hears("do three");
  first.answer("No space.");
  await first.hears("undo two");
  await first.kill();
  const second = run({ EXECUTOR: "b" });
  const job = await reaches(id, "undone");
  expect(job.problem?.message).toBe("No space.");
  expect(second.acts.map((one) => one.act)).toEqual(["undo two", "undo one"]);
});

test("killed while it waits for a site, the job asks the site again after the start", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do two", EXECUTOR: "c" });
  await first.hears("do two");
  first.answer("zed is away");
  await reaches(id, "waiting");
  await first.kill();
  run({ EXECUTOR: "c" });
  await reaches(id, "succeeded");
});

test("a cancel that another server takes reaches the step where it runs", async () => {
  const id = crypto.randomUUID();
  const child = run({ START: id, HOLD: "do two", EXECUTOR: "d" });
  await child.hears("do two");
  await other.cancel(id);
  await reaches(id, "cancelled");
  expect(child.acts.map((one) => one.act)).toEqual([
    "do one",
    "do two",
    "stopped do two",
    "undo two",
    "undo one",
  ]);
});

test("a cancel while the process is dead is heeded at its next start, without trying the step again", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do two", EXECUTOR: "e" });
  await first.hears("do two");
  await first.kill();
  await other.cancel(id);
  const second = run({ EXECUTOR: "e" });
  await reaches(id, "cancelled");
  expect(second.acts.map((one) => one.act)).toEqual(["undo two", "undo one"]);
});

test("a job whose code changed under it is put aside with a clear sentence, and goes on with the old code", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do three", EXECUTOR: "f" });
  await first.hears("do three");
  await first.kill();
  const changed = run({ RENAMED: "1", EXECUTOR: "f" });
  const stuck = await reaches(id, "stuck");
  expect(stuck.problem?.message).toMatch(/cannot go on in this release/);
  expect(changed.acts).toEqual([]);
  await changed.kill();
  run({ EXECUTOR: "f" });
  await reaches(id, "succeeded");
});

test("the jobs of a server that does not come back are taken over by another one", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do two", EXECUTOR: "g" });
  await first.hears("do two");
  await first.kill();
  const second = run({ EXECUTOR: "h", DEAD_AFTER_MS: "600" });
  const job = await reaches(id, "succeeded");
  expect(job.executor).toBe("executor-h");
  expect(second.acts.map((one) => one.act)).toEqual(["do two", "do three"]);
});

test("a server that only slept finds its job to be another's, and lets go of it", async () => {
  const id = crypto.randomUUID();
  const first = run({ START: id, HOLD: "do two", EXECUTOR: "i" });
  await first.hears("do two");
  first.signal("SIGSTOP");
  const second = run({ HOLD: "do two", EXECUTOR: "j", DEAD_AFTER_MS: "600" });
  await second.hears("do two");
  first.signal("SIGCONT");
  await first.hears("stopped do two");
  second.answer();
  const job = await reaches(id, "succeeded");
  expect(job.executor).toBe("executor-j");
  expect(first.acts.map((one) => one.act)).toEqual(["do one", "do two", "stopped do two"]);
});
