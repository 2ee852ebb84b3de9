import { spawn } from "node:child_process";
import { join } from "node:path";

export interface Check {
  readonly name: string;
  /** A program of node_modules/.bin and its arguments. */
  readonly command: readonly [string, ...string[]];
}

const root = join(import.meta.dirname, "..");

/** Runs each, says one line of each, and shows the output of those that fail. */
export async function runChecks(checks: readonly Check[]): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  for (const { name, command } of checks) {
    const started = performance.now();
    const { code, output } = await run(command);
    const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`${code === 0 ? "✓" : "✗"} ${name}  ${took}`);
    if (code !== 0) console.log(output);
    failed += code === 0 ? 0 : 1;
  }
  return { passed: checks.length - failed, failed };
}

function run([program, ...args]: readonly [string, ...string[]]): Promise<{
  code: number | null;
  output: string;
}> {
  const child = spawn(join(root, "node_modules/.bin", program), args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}
