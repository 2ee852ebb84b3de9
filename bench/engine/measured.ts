import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Run } from "./figures.ts";

const run = promisify(execFile);
const RUN_MEASURED = fileURLToPath(new URL("run-measured.py", import.meta.url));

export interface Command {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command and says what it took. @throws Error with its last words when it fails */
export async function measure(scratch: string, { command, env }: Command): Promise<Run> {
  const output = join(scratch, "output.txt");
  const { stdout } = await run("python3", [RUN_MEASURED, output, ...command], {
    env: { ...process.env, ...env },
  });
  const { exit_code, wall_s, cpu_s, rss_mib } = JSON.parse(stdout) as Run & { exit_code: number };
  if (exit_code !== 0)
    throw new Error(
      `${command.join(" ")} ended with ${exit_code}: ${readFileSync(output, "utf8").slice(-2000)}`,
    );
  return { wall_s, cpu_s, rss_mib };
}

/** The first line that a program prints of itself; undefined where there is no such program. */
export async function versionOf(program: string, flag = "--version"): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, [flag]);
    return (stdout || stderr).split("\n")[0]?.trim();
  } catch {
    return undefined;
  }
}
