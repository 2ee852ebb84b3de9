import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { MoverProcess } from "./mover-process.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function makeDir(name = "m"): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "mover-process-"));
  closing.push(() => rm(root, { recursive: true, force: true }));
  return join(root, name);
}

test("a mover ends when the process that started it is killed", async () => {
  const dir = await makeDir();
  const parent = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `const { MoverProcess } = await import(${JSON.stringify(import.meta.resolve("./mover-process.ts"))});
       const mover = new MoverProcess({ dir: ${JSON.stringify(dir)} });
       await mover.address();
       console.log(mover.pid);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  const pid = Number(line);
  expect(await isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  while (await isAlive(pid)) await sleep(20);
});

test("the token is on no command line and in no environment", async () => {
  const mover = new MoverProcess({ dir: await makeDir() });
  closing.push(() => mover.close());
  const { token } = await mover.address();
  for (const file of ["cmdline", "environ"]) {
    expect(await readFile(`/proc/${mover.pid}/${file}`, "utf8")).not.toContain(token);
  }
});

test("a directory too deep for a unix socket is served over loopback", async () => {
  const mover = new MoverProcess({ dir: await makeDir("d".repeat(120)) });
  closing.push(() => mover.close());
  const { port, socketPath } = await mover.address();
  expect(port).toBeGreaterThan(0);
  expect(socketPath).toBeUndefined();
});

test("a closed mover is gone, and starts no more", async () => {
  const mover = new MoverProcess({ dir: await makeDir() });
  await mover.address();
  const pid = Number(mover.pid);
  await mover.close();
  expect(await isAlive(pid)).toBe(false);
  await expect(mover.address()).rejects.toThrow("closed");
});

/** A zombie that its parent has not buried yet counts as dead. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    await access(`/proc/${pid}`);
    return !/^State:\s+[ZX]/m.test(await readFile(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
