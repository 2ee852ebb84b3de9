import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes `npm pack` of a library put JavaScript with declarations into its tarball. Inside the workspace the sources run
 * unbuilt, so `exports` leads to `.ts` files, which Node refuses below node_modules. npm always packs the
 * package.json that lies there, so `prepack` builds `dist/` and puts the published manifest in its place, and `postpack`
 * puts the other one back. While it is there the workspace goes on working: it leads to what was just built.
 */
const TSC = fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url));
const ROOT = fileURLToPath(new URL("..", import.meta.url));

type Manifest = Record<string, unknown>;

/** Fields of the workspace, which say nothing to whoever installs the package. */
const OF_THE_WORKSPACE: readonly string[] = ["private", "scripts", "publishConfig"];

/** The manifest as published: what `publishConfig` says instead, and nothing of the workspace. */
export function publishedManifest(manifest: Manifest): Manifest {
  const own = Object.entries(manifest).filter(([field]) => !OF_THE_WORKSPACE.includes(field));
  return { ...Object.fromEntries(own), ...(manifest["publishConfig"] as Manifest | undefined) };
}

async function before(folder: string): Promise<void> {
  await after(folder); // an attempt that was killed half-way
  await rm(join(folder, "dist"), { recursive: true, force: true });
  execFileSync(TSC, ["-p", join(folder, "tsconfig.pack.json")], { stdio: "inherit" });
  const text = await readFile(join(folder, "package.json"), "utf8");
  await copyFile(join(ROOT, "LICENSE"), join(folder, "dist", "LICENSE"));
  await mkdir(dirname(keptIn(folder)), { recursive: true });
  await writeFile(keptIn(folder), text);
  await writeFile(
    `${keptIn(folder)}.new`,
    `${JSON.stringify(publishedManifest(JSON.parse(text)), null, 2)}\n`,
  );
  await rename(`${keptIn(folder)}.new`, join(folder, "package.json"));
}

async function after(folder: string): Promise<void> {
  await rename(keptIn(folder), join(folder, "package.json")).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

function keptIn(folder: string): string {
  return join(folder, ".cache", "package.json");
}

if (import.meta.main) {
  const [step] = process.argv.slice(2);
  if (step === "before") await before(process.cwd());
  else if (step === "after") await after(process.cwd());
  else throw new Error(`'${step}' is no step of packing; say 'before' or 'after'.`);
}
