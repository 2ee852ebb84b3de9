import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;

/**
 * Unpacks packages of this machine's Debian, with all that they depend on and that is not installed, into a folder; once.
 * Installs nothing and needs no root: the programs are run where they lie.
 *
 * @throws Error that says what to do when the machine has no apt, or apt reaches no archive
 */
export async function unpackDebianPackages(names: readonly string[], folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  if (!existsSync("/usr/bin/apt-get") || !existsSync("/usr/bin/dpkg-deb"))
    throw new Error(
      `This test runs ${names.join(", ")} of Debian or Ubuntu, and this machine has no apt-get: run it in a container of Debian.`,
    );
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const packed = join(work, "packed");
    await mkdir(packed);
    // The lists that are there may be absent or old; then they are read anew, beside those of the system.
    const got = await download(names, packed, []).catch(async () => {
      const state = join(work, "apt");
      await mkdir(join(state, "lists", "partial"), { recursive: true });
      await mkdir(join(state, "cache", "archives", "partial"), { recursive: true });
      const own = ["-o", `Dir::State::Lists=${state}/lists`, "-o", `Dir::Cache=${state}/cache`];
      await apt([...own, "update"], work);
      return download(names, packed, own);
    });
    if (got === 0) throw new Error(`apt-get found nothing to download for ${names.join(", ")}`);
    const root = join(work, "root");
    for (const each of await readdir(packed)) await run("dpkg-deb", ["-x", join(packed, each), root]);
    await rename(root, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // another test was quicker
    });
    return folder;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(
  names: readonly string[],
  folder: string,
  options: readonly string[],
): Promise<number> {
  const install = ["install", "--print-uris", "--yes", "--no-install-recommends", ...names];
  const uris = await apt([...options, ...install], folder);
  const wanted = [...uris.matchAll(/^'[^']+' ([^_\s]+)_(\S+)_[^_\s]+\.deb /gm)].map(
    ([, name, version]) => `${name}=${decodeURIComponent(version ?? "")}`,
  );
  if (wanted.length > 0) await apt([...options, "download", ...wanted], folder);
  return wanted.length;
}

async function apt(words: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, maxBuffer: MAX_OUTPUT_BYTES, env: { ...process.env, LC_ALL: "C" } };
  const { stdout } = await run("apt-get", ["-o", "APT::Sandbox::User=", ...words], options).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(
        `apt-get could not get Debian's packages: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`,
        { cause: error },
      );
    },
  );
  return stdout;
}
