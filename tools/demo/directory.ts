import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
  if (pid > 0 && isAlive(pid))
    throw new Error(
      `A demo is running from this directory already (process ${pid}): stop it with Ctrl-C, or: kill ${pid}`,
    );
  await endPostmaster();
  await rm(DIRECTORY, { recursive: true, force: true });
  await mkdir(DIRECTORY, { recursive: true });
  await writeFile(lock, String(process.pid));
  return { path: DIRECTORY, release: () => rm(DIRECTORY, { recursive: true, force: true }) };
}

/** After a kill -9 PostgreSQL outlives the demo; its data are about to be removed under it. */
async function endPostmaster(): Promise<void> {
  const text = await readFile(join(DIRECTORY, "data/postgres/data/postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  if (!(pid > 0) || !(await isPostgres(pid))) return;
  process.kill(pid, "SIGQUIT");
}

async function isPostgres(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).startsWith("postgres");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
