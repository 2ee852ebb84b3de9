import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "@uniview/api";
import type { Surroundings } from "../surroundings.ts";

/** What `uniview login` remembers. The file holds a secret: only its owner may read it. */
export interface Config {
  readonly url: string;
  readonly token: string;
  /** The token's id where login made it: `uniview logout` revokes it. */
  readonly token_id?: string;
}

const OWNER_ONLY = 0o600;

export function configPath({ env, home }: Surroundings): string {
  return join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "uniview", "config.json");
}

/** @throws Problem `invalid-input` where the file is not what login wrote */
export async function readConfig(surroundings: Surroundings): Promise<Config | undefined> {
  const path = configPath(surroundings);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Problem("internal-error", `${path} cannot be read: ${(cause as Error).message}`, {}, cause);
  }
  const config = parse(text);
  if (!config) {
    throw new Problem("invalid-input", `${path} is not what "uniview login" writes.`, {
      remedy: "Remove the file and sign in again with: uniview login",
    });
  }
  return config;
}

/** Written beside and renamed, so that a crash leaves the old file or the new one. */
export async function writeConfig(surroundings: Surroundings, config: Config): Promise<string> {
  const path = configPath(surroundings);
  const beside = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(beside, `${JSON.stringify(config, null, 2)}\n`, { mode: OWNER_ONLY });
  await rename(beside, path);
  return path;
}

export async function removeConfig(surroundings: Surroundings): Promise<void> {
  await rm(configPath(surroundings), { force: true });
}

function parse(text: string): Config | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { url, token, token_id } = value as Record<string, unknown>;
  if (typeof url !== "string" || typeof token !== "string") return undefined;
  return { url, token, ...(typeof token_id === "string" ? { token_id } : {}) };
}
