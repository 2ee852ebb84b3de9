import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const stamp = join(root, ".cache/console-build");
const SOURCES = [
  "packages/console/{src,public}/**/*",
  "packages/console/{index.html,vite.config.ts,package.json}",
  "packages/api/src/**/*.ts",
  "package-lock.json",
];

/** Builds the console into packages/console/dist, unless what is there was built from these very sources. */
export async function buildConsole(): Promise<void> {
  const wanted = digestOfSources();
  const built = await readFile(stamp, "utf8").catch(() => "");
  const there = await readFile(join(root, "packages/console/dist/index.html")).catch(() => null);
  if (built === wanted && there) return;
  console.error("Building the console …");
  let output = "";
  const code = await new Promise<number | null>((resolve, reject) => {
    const vite = spawn(join(root, "node_modules/.bin/vite"), ["build", "--logLevel", "warn"], {
      cwd: join(root, "packages/console"),
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [vite.stdout, vite.stderr]) stream.on("data", (chunk) => (output += chunk));
    vite.on("error", reject);
    vite.on("close", resolve);
  });
  if (code !== 0) throw new Error(`The console could not be built:\n${output}`);
  await mkdir(join(root, ".cache"), { recursive: true });
  await writeFile(stamp, wanted);
}

function digestOfSources(): string {
  const hash = createHash("sha256");
  for (const file of globSync(SOURCES, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()) {
    hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

if (import.meta.main) await buildConsole();
