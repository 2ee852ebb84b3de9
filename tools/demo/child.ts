import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface, type Interface } from "node:readline";

/** How long something may take to end by itself. */
const PATIENCE_MS = 20_000;
/** Of what a process said last, when it ended without being told to. */
const LAST_WORDS = 4_000;

const END_WITH_PARENT = import.meta.resolve("../end-with-parent.ts");

/** A process of the demo, which ends with it. */
export interface Child extends AsyncDisposable {
  /** Lines of its standard output, as they come. */
  readonly lines: Interface;
  /** A sentence, once it has ended without being told to. */
  readonly ended: Promise<string>;
}

/** @param log_file everything that it says goes there */
export function startChild(name: string, args: readonly string[], log_file: string): Child {
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // In a group of its own: Ctrl-C reaches the demo only, which then ends its parts in order.
    detached: true,
  });
  const log = createWriteStream(log_file);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said = (said + chunk).slice(-LAST_WORDS);
      log.write(chunk);
    });
  }
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  if (!child.stdout) throw new Error(`${name} has no standard output.`);
  return {
    lines: createInterface({ input: child.stdout }),
    ended: gone.then((code) => `${name} ended with status ${code}.\n${said}`),
    async [Symbol.asyncDispose]() {
      await endGently(child, gone);
      log.end();
    },
  };
}

async function endGently(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await gone;
  clearTimeout(kill);
}

/** The first line from now on that fits, or the reason why there will be none. */
export function waitForLine(child: Child, fits: (line: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    child.lines.on("line", (line) => fits(line) && resolve(line));
    void child.ended.then((sentence) => reject(new Error(sentence)));
  });
}
