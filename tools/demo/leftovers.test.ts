import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { argumentsOf, endProcessesOf } from "./leftovers.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-demo-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const gone = (pid: number) =>
  expect.poll(async () => (await argumentsOf(pid)).join(""), { timeout: 20_000 }).toBe("");

test("what the demo started ends when the demo is killed", async () => {
  const part = join(dir, "part.ts");
  const demo = join(dir, "demo.ts");
  await writeFile(part, "console.log(process.pid); setInterval(() => {}, 1000);");
  const child = JSON.stringify(join(import.meta.dirname, "child.ts"));
  await writeFile(
    demo,
    `import { startChild, waitForLine } from ${child};
     console.log(await waitForLine(startChild("A part", [${JSON.stringify(part)}], ${JSON.stringify(join(dir, "part.log"))}), Boolean));
     setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, [demo], { stdio: ["ignore", "pipe", "inherit"] });
  // whatever fails here, a demo that stays would keep this process from ending
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [pid] = await once(createInterface({ input: parent.stdout }), "line");
  expect(await argumentsOf(Number(pid))).toContain(part);
  // the line comes by another way than the log, which is opened meanwhile
  const log = () => readFile(join(dir, "part.log"), "utf8").catch(() => "");
  await expect.poll(log, { timeout: 20_000 }).toBe(`${pid}\n`);
  parent.kill("SIGKILL");
  await gone(Number(pid));
});

test("what an earlier demo left running is ended, and nothing else", async () => {
  const sleep = (below: string) =>
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "--", "-D", below], { stdio: "ignore" });
  const left = sleep(join(dir, "demo", "pgdata"));
  const other = sleep(join(dir, "demo-of-another"));
  await Promise.all([once(left, "spawn"), once(other, "spawn")]);
  await endProcessesOf(join(dir, "demo"));
  await gone(left.pid ?? 0);
  expect(other.exitCode).toBeNull();
  other.kill("SIGKILL");
});
