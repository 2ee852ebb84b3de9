import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argumentsOf, endProcessesOf } from "./leftovers.ts";

/** Below the project, so that a clone's demo and another's do not meet, and so that it is seen. */
const DIRECTORY = join(import.meta.dirname, "../../.uniview/demo");

export interface DemoDirectory {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Takes the demo's directory, emptied of what an earlier demo left.
 * @throws Error when a demo is running from it
 */
export async function claimDirectory(): Promise<DemoDirectory> {
  const lock = join(DIRECTORY, "pid");
  const pid = Number(await readFile(lock, "utf8").catch(() => "0"));
  if (await isDemo(pid))
    throw new Error(
      `A demo is running from this directory already (process ${pid}): stop it with Ctrl-C, or: kill ${pid}`,
    );
  await endProcessesOf(DIRECTORY);
  await rm(DIRECTORY, { recursive: true, force: true });
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(lock, String(process.pid));
  return { path: DIRECTORY, release: () => rm(DIRECTORY, { recursive: true, force: true }) };
}

/** The number may be another process's by now. */
async function isDemo(pid: number): Promise<boolean> {
  if (!(pid > 0) || pid === process.pid) return false;
  return (await argumentsOf(pid)).some((argument) => argument.endsWith("tools/demo.ts"));
}
