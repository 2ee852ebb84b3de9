import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serveDisk } from "../nbd/server.ts";
import { openPointDisk } from "../operation/disk-source-point.ts";
import { exportRaw } from "../operation/export-raw.ts";
import type { DiskManifest } from "../point/recovery-point.ts";
import type { Vault } from "../vault.ts";

/** nbdfuse mounts within this, or does not. */
const MOUNT_MS = 10_000;
const LOOK_EVERY_MS = 20;

export interface LendOptions {
  /** Where an export goes when it must be; as large as the disk's data. Default: the system's folder for temporary files. */
  readonly scratch_dir?: string;
  /** False: always export. */
  readonly lazily?: boolean;
  readonly signal?: AbortSignal;
}

/** A disk of a recovery point as a raw image file that tools can read. */
export interface LentImage extends AsyncDisposable {
  readonly path: string;
  /** Whether only what is read comes out of the repository; else all of it did. */
  readonly lazy: boolean;
}

/**
 * Lends a disk as a file: by nbdfuse and FUSE where these are (Debian: libnbd-bin, fuse3), so that little is read of a large
 * disk; else by a sparse export into the scratch folder.
 */
export async function lendImage(
  vault: Vault,
  disk: DiskManifest,
  { scratch_dir = tmpdir(), lazily = true, signal }: LendOptions = {},
): Promise<LentImage> {
  const dir = await mkdtemp(join(scratch_dir, "uniview-files-"));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  if (lazily) {
    const attempt = new AsyncDisposableStack();
    const source = attempt.use(await openPointDisk(vault, disk));
    const socket = join(dir, "nbd.sock");
    attempt.use(await serveDisk(source, socket));
    const path = await mountImage(dir, socket, disk.size_bytes, attempt);
    if (path !== undefined) {
      const kept = undo.move();
      kept.use(attempt);
      return { path, lazy: true, [Symbol.asyncDispose]: () => kept.disposeAsync() };
    }
    await attempt.disposeAsync();
  }
  const path = join(dir, "disk.raw");
  await exportRaw(vault, disk, path, signal ? { signal } : {});
  const kept = undo.move();
  return { path, lazy: false, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Undefined where this machine cannot. */
async function mountImage(
  dir: string,
  socket: string,
  size_bytes: number,
  undo: AsyncDisposableStack,
): Promise<string | undefined> {
  const mount = join(dir, "mount");
  await mkdir(mount);
  // Told to end when this process is gone, it unmounts.
  const command = ["--pdeathsig", "TERM", "nbdfuse", "--readonly", join(mount, "disk.raw"), "--unix", socket];
  const child = spawn("setpriv", command, { stdio: "ignore" });
  const gone = once(child, "exit").catch(() => {}); // no such program
  undo.defer(async () => {
    child.kill("SIGTERM");
    await gone;
  });
  const path = join(mount, "disk.raw");
  for (const until = performance.now() + MOUNT_MS; performance.now() < until; await sleep(LOOK_EVERY_MS)) {
    if (isOver(child)) return undefined;
    const seen = await stat(path).catch(() => undefined);
    if (seen?.size === size_bytes) return path;
  }
  return undefined;
}

const isOver = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
