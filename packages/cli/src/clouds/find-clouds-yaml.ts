import { readFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { Problem } from "@uniview/api";
import type { Surroundings } from "../surroundings.ts";

export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

const SUFFIXES = ["yaml", "yml", "json"]; // JSON is YAML

/**
 * The clouds.yaml that OpenStack's own client would read: the file named, else OS_CLIENT_CONFIG_FILE, else the first of
 * the working folder, the user's configuration folder and /etc/openstack.
 *
 * @throws Problem `invalid-input` that says where it looked
 * @see https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
export async function findCloudsYaml(surroundings: Surroundings, named?: string): Promise<FoundFile> {
  const file = named ?? surroundings.env["OS_CLIENT_CONFIG_FILE"];
  const found = await findConfig(surroundings, "clouds", file);
  if (found) return found;
  throw new Problem(
    "invalid-input",
    file === undefined
      ? `There is no clouds.yaml in ${folders(surroundings).join(", ")}.`
      : `There is no file ${resolvePath(surroundings, file)}.`,
    {
      field: "os-cloud-file",
      remedy: "Name the file with --os-cloud-file, or give an openrc with --openrc.",
    },
  );
}

/** The secure.yaml that goes with it: OS_CLIENT_SECURE_FILE, else the first of the same folders. */
export function findSecureYaml(surroundings: Surroundings): Promise<FoundFile | undefined> {
  return findConfig(surroundings, "secure", surroundings.env["OS_CLIENT_SECURE_FILE"]);
}

/** A path as the user wrote it: `~` is their home, and the rest is relative to where they are. */
export function resolvePath({ cwd, home }: Surroundings, path: string): string {
  const expanded = path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
  return isAbsolute(expanded) ? expanded : resolve(cwd, expanded);
}

/** @throws Problem `invalid-input` that names the file */
export async function readNamed(surroundings: Surroundings, path: string, field: string): Promise<string> {
  const whole = resolvePath(surroundings, path);
  const text = await readIfThere(whole);
  if (text !== undefined) return text;
  throw new Problem("invalid-input", `There is no file ${whole}.`, { field });
}

async function findConfig(
  surroundings: Surroundings,
  name: string,
  file: string | undefined,
): Promise<FoundFile | undefined> {
  const paths =
    file === undefined
      ? folders(surroundings).flatMap((folder) => SUFFIXES.map((suffix) => join(folder, `${name}.${suffix}`)))
      : [resolvePath(surroundings, file)];
  for (const path of paths) {
    const text = await readIfThere(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

function folders({ cwd, home, env }: Surroundings): string[] {
  const user = join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "openstack");
  return [
    ...new Set([cwd, user, join(home, ".config", "openstack"), "/etc/xdg/openstack", "/etc/openstack"]),
  ];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new Problem("invalid-input", `${path} cannot be read: ${message}`, {}, cause);
  }
}
