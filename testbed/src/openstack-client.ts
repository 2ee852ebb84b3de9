import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Of one command: booting a guest on an emulated processor takes minutes. */
const COMMAND_MS = 15 * 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** `OS_…` variables that say where, who and which project. */
export type OpenstackEnvironment = Readonly<Record<string, string>>;

/** Debian's `openstack` with these variables and nothing of the surroundings. @throws Error with what it said */
export async function openstack(environment: OpenstackEnvironment, ...args: string[]): Promise<string> {
  const env = {
    PATH: process.env["PATH"] ?? "/usr/bin",
    HOME: "/nonexistent",
    LC_ALL: "C.UTF-8",
    OS_IDENTITY_API_VERSION: "3",
    ...environment,
  };
  const options = { env, timeout: COMMAND_MS, maxBuffer: MAX_OUTPUT_BYTES };
  try {
    return (await run("openstack", args, options)).stdout;
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") throw new Error("this needs apt-get install python3-openstackclient");
    const said = stderr.trim().split("\n").slice(-3).join(" | ");
    throw new Error(`openstack ${args.join(" ")}: ${said || String(error)}`);
  }
}

export async function openstackJson<T>(environment: OpenstackEnvironment, ...args: string[]): Promise<T> {
  return JSON.parse(await openstack(environment, ...args, "-f", "json")) as T;
}
