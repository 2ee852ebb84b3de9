import { readFile, stat } from "node:fs/promises";
import { parseEnv } from "node:util";
import { StorageRefused } from "./storage-refused.ts";

/** Variables with credentials, under the names that AWS's and OpenStack's own clients give them. */
export type Credentials = Readonly<Record<string, string | undefined>>;

const OTHERS_MAY = 0o077;

/**
 * Reads a file of `NAME=value` lines: for who does not want secrets in the environment.
 * @throws StorageRefused when others than its owner may read it
 */
export async function readCredentialsFile(path: string): Promise<Credentials> {
  const { mode } = await stat(path).catch((cause: unknown) => {
    throw new StorageRefused(`there is no credentials file ${path}`, { cause });
  });
  if ((mode & OTHERS_MAY) !== 0)
    throw new StorageRefused(`others may read the credentials file ${path}: run chmod 600 ${path}`);
  return parseEnv(await readFile(path, "utf8"));
}

/** The authorities' PEM: a variable holds a path, or the PEM itself. */
export async function readAuthorities(
  name: string,
  value: string | undefined,
): Promise<{ readonly ca?: string }> {
  if (!value) return {};
  if (value.includes("-----BEGIN")) return { ca: value };
  try {
    return { ca: await readFile(value, "utf8") };
  } catch (cause) {
    throw new StorageRefused(`${name} is ${value}, and that file cannot be read`, { cause });
  }
}
