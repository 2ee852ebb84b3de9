import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How long something may take to end by itself. */
const PATIENCE_MS = 20_000;

/** A process of the demo, which ends with it. */
export interface Child extends AsyncDisposable {
  /** Lines of its standard output, as they come. */
  readonly lines: AsyncIterator<string>;
  /** A sentence, once it has ended without being told to. */
  readonly ended: Promise<string>;
}

export function startChild(name: string, args: readonly string[]): Child {
  // In a group of its own: Ctrl-C reaches the demo only, which then ends its parts in order.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-4_000)));
  const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const die = () => child.kill("SIGKILL");
  process.once("exit", die);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    lines,
    ended: gone.then((code) => `${name} ended with status ${code}.\n${said}`),
    async [Symbol.asyncDispose]() {
      await endGently(child, gone);
      process.off("exit", die);
    },
  };
}

async function endGently(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await gone;
  clearTimeout(kill);
}

/** The first line that fits, or the reason why there will be none. */
export async function waitForLine(child: Child, fits: (line: string) => boolean): Promise<string> {
  const ended = child.ended.then((sentence) => Promise.reject(new Error(sentence)));
  for (;;) {
    const { value, done } = await Promise.race([child.lines.next(), ended]);
    if (done) await ended;
    if (fits(value)) return value;
  }
}
