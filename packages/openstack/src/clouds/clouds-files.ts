import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { CloudNotDescribed } from "../errors/cloud-not-described.ts";

export type Fields = Record<string, unknown>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Aliases of one file that are expanded at most: a few lines of YAML can say gigabytes. */
const MAX_ALIASES = 100;
const FOLDERS = (env: Environment): string[] => {
  const config = env["XDG_CONFIG_HOME"] ?? join(env["HOME"] ?? homedir(), ".config");
  return [".", join(config, "openstack"), "/etc/openstack"];
};

/**
 * The entry of that name, with what a secure.yaml beside it or in one of the usual folders adds.
 *
 * @param file a clouds.yaml; default: OS_CLIENT_CONFIG_FILE, else the first of `./`, `~/.config/openstack/` and
 *   `/etc/openstack/` that has one
 * @throws CloudNotDescribed no such file or entry; the sentence names what there is
 * @see https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
export async function readEntry(name: string, file: string | undefined, env: Environment): Promise<Fields> {
  const chosen = file ?? env["OS_CLIENT_CONFIG_FILE"];
  const clouds = await firstOf(chosen === undefined ? named("clouds", env) : [chosen]);
  if (clouds === undefined) {
    const where = chosen ?? FOLDERS(env).join(", ");
    throw new CloudNotDescribed(
      `There is no clouds.yaml in ${where}. Name it in OS_CLIENT_CONFIG_FILE, or set OS_AUTH_URL and the like.`,
    );
  }
  const entry = clouds.entries[name];
  if (!isFields(entry)) {
    const names = Object.keys(clouds.entries).join(", ") || "nothing";
    throw new CloudNotDescribed(
      `${clouds.file} has no entry '${name}', but ${names}. Choose one as OS_CLOUD.`,
    );
  }
  const secure_file = env["OS_CLIENT_SECURE_FILE"];
  const secure = await firstOf(secure_file === undefined ? named("secure", env) : [secure_file]);
  const secrets = secure?.entries[name];
  return isFields(secrets) ? merged(entry, secrets) : entry;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function named(what: "clouds" | "secure", env: Environment): string[] {
  return FOLDERS(env).flatMap((folder) =>
    ["yaml", "yml", "json"].map((end) => join(folder, `${what}.${end}`)),
  );
}

async function firstOf(files: readonly string[]): Promise<{ file: string; entries: Fields } | undefined> {
  for (const file of files) {
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw error;
    });
    if (text !== undefined) return { file, entries: entriesIn(text, file) };
  }
  return undefined;
}

function entriesIn(text: string, file: string): Fields {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    // Only its first line: the next ones quote the file, which may hold a password.
    const [why] = String(cause instanceof Error ? cause.message : cause).split("\n");
    throw new CloudNotDescribed(`${file} is not YAML: ${why} Mend it there.`);
  }
  const clouds = isFields(document) ? document["clouds"] : undefined;
  if (!isFields(clouds))
    throw new CloudNotDescribed(`${file} has no 'clouds:' with entries below it. Add them.`);
  return clouds;
}

function merged(entry: Fields, secrets: Fields): Fields {
  const both = (name: string) => (isFields(entry[name]) && isFields(secrets[name]) ? name : undefined);
  const auth = both("auth") && { auth: { ...(entry["auth"] as Fields), ...(secrets["auth"] as Fields) } };
  return { ...entry, ...secrets, ...auth };
}
