#!/usr/bin/env node
// Runs a TypeScript file of this project on a machine that has only Node 20 and npm: installs what the lockfile
// names when it is not installed yet, then runs the file with Node 24, which npm brought along.
// usage: node tools/bootstrap.mjs FILE [ARGUMENT...]. Uses nothing that needs to be installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const NODE_NEEDED = 24;
const LOCK_WAIT_MS = 500;
const PARENT_LOOK_MS = 500;

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".installed");
const lock = join(root, ".cache", "installing");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

const isInstalled = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;

/** Two commands started at once on a fresh clone must not install over each other. */
async function install() {
  mkdirSync(join(root, ".cache"), { recursive: true });
  while (!takeLock()) await sleep(LOCK_WAIT_MS);
  try {
    if (isInstalled()) return;
    console.error("Installing what package-lock.json names (once; about a minute) …");
    const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      // npm hands its own settings to scripts as npm_config_*: those of the outer call must not rule the inner one
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^npm_config_(json|dry_run|loglevel)$/i.test(name)),
      ),
    });
    if (npm.error) fail(`npm could not be run: ${npm.error.message}`);
    if (npm.status !== 0) fail("npm could not install the dependencies: see what it says above.");
    writeFileSync(stamp, wanted);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock() {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, "pid"), String(process.pid));
    return true;
  } catch {
    // whoever took it may be gone: then its lock counts for nothing
    const pid = Number(existsSync(join(lock, "pid")) ? readFileSync(join(lock, "pid"), "utf8") : process.pid);
    if (!isAlive(pid)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function findNode() {
  const brought = join(modules, ".bin", "node");
  const works = existsSync(brought) && spawnSync(brought, ["--version"]).status === 0;
  if (works) return brought;
  if (Number(process.versions.node.split(".")[0]) >= NODE_NEEDED) return process.execPath;
  return fail(
    `Node ${NODE_NEEDED} or newer is needed. npm brings it for Linux on x64 and arm64; here, install it yourself and put it first in PATH.`,
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!isInstalled()) await install();

const [file, ...args] = process.argv.slice(2);
if (!file) fail("usage: node tools/bootstrap.mjs FILE [ARGUMENT...]");

const guard = ["--import", pathToFileURL(join(root, "tools", "end-with-parent.ts")).href];
const child = spawn(findNode(), [...guard, join(root, file), ...args], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: {
    // glibc gives each thread memory of its own to share out, of which a tenth of the server's would lie unused
    MALLOC_ARENA_MAX: "2",
    ...process.env,
    PATH: join(modules, ".bin") + delimiter + (process.env.PATH ?? ""),
  },
});
// Ctrl-C reaches the child by itself (same terminal), but a signal sent to npm or this process only does not.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// A killed npm cannot hand anything on; whoever started it means this process, too.
const parent = process.ppid;
if (process.env.npm_lifecycle_event)
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), PARENT_LOOK_MS).unref();
child.on("error", (error) => fail(`${file} could not be started: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
