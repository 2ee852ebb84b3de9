import { readFile, stat, writeFile } from "node:fs/promises";
import { Problem } from "@uniview/api";
import type { RepositoryKey } from "@uniview/repository";
import type { Cli } from "../cli.ts";
import { resolvePath } from "../clouds/find-clouds-yaml.ts";
import { UsageError } from "../usage-error.ts";
import type { Engine } from "./open-place.ts";

const OTHERS_MAY = 0o077;

/** @throws UsageError when no file is named; Problem when it is no key */
export async function readKey(engine: Engine, cli: Cli, file: string | undefined): Promise<RepositoryKey> {
  const path = resolvePath(cli.surroundings, named(file));
  let text: string;
  try {
    const { mode } = await stat(path);
    // not refused: the only copy left may lie on a stick that knows no modes
    if ((mode & OTHERS_MAY) !== 0)
      cli.note(`${cli.paint_note("yellow", "!")} Others may read ${path}: run chmod 600 ${path}`);
    text = await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Problem(
      "invalid-input",
      code === "ENOENT" ? `There is no key file ${path}.` : `The key file cannot be read: ${message}`,
      {
        field: "key-file",
        remedy: "The key was written when the repository was made; without it nothing in it can be read.",
      },
    );
  }
  try {
    return engine.parseKeyFile(text);
  } catch (cause) {
    throw new Problem(
      "invalid-input",
      `${path} is no key file of a repository: it must be one line, uniview-repository-key-1: and 64 hex digits.`,
      { field: "key-file" },
      cause,
    );
  }
}

/** The key in the file, or a new one in a new file that only its owner may read. */
export async function readOrMakeKey(
  engine: Engine,
  cli: Cli,
  file: string | undefined,
): Promise<{ readonly key: RepositoryKey; readonly path: string; readonly made: boolean }> {
  const path = resolvePath(cli.surroundings, named(file));
  const key = engine.createRepositoryKey();
  try {
    await writeFile(path, engine.formatKeyFile(key), { flag: "wx", mode: 0o600, flush: true });
    return { key, path, made: true };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return { key: await readKey(engine, cli, file), path, made: false };
    throw new Problem("invalid-input", `The key file cannot be written: ${message}`, { field: "key-file" });
  }
}

function named(file: string | undefined): string {
  if (file) return file;
  throw new UsageError(
    "Say which key opens the repository.",
    "Give --key-file FILE, or set UNIVIEW_KEY_FILE.",
  );
}
