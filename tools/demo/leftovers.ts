import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Processes of a demo that was killed are ending by themselves; those that take longer are ended. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** Options that name the directory which a process of the demo works in: sandbox, Uniview, PostgreSQL. */
const DIRECTORY_OPTIONS = ["--dir", "--data-dir", "-D"];

/** Ends what works below a directory: after a `kill -9` of everything else, PostgreSQL is still there. */
export async function endProcessesOf(directory: string): Promise<void> {
  for (const pid of await processesOf(directory)) signal(pid, "SIGTERM");
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(LOOK_EVERY_MS))
    if ((await processesOf(directory)).length === 0) return;
  for (const pid of await processesOf(directory)) signal(pid, "SIGKILL");
}

async function processesOf(directory: string): Promise<number[]> {
  const pids = (await readdir("/proc").catch(() => [])).map(Number).filter((pid) => pid > 0);
  const all = await Promise.all(pids.map(async (pid) => ({ pid, args: await argumentsOf(pid) })));
  return all
    .filter(({ args }) =>
      args.some(
        (arg, at) => DIRECTORY_OPTIONS.includes(args[at - 1] ?? "") && arg.startsWith(`${directory}/`),
      ),
    )
    .map(({ pid }) => pid);
}

/** The command line of a process; empty for one that is gone, and for a zombie. */
export async function argumentsOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
