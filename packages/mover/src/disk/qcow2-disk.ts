import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { fileExtents } from "@uniview/repository";
import { NbdClient } from "@uniview/repository/nbd/client";
import { TransferFailure } from "../failure.ts";
import { checkQcow2 } from "./qcow2-header.ts";
import type { SourceDisk, TargetDisk } from "./target-disk.ts";

const START_MS = 15_000;
const LOOK_EVERY_MS = 10;
const run = promisify(execFile);

/** A qcow2 file, to be read. What has no cluster is known and not read. */
export async function openQcow2Source(path: string): Promise<SourceDisk> {
  await checkQcow2(path, "source");
  const served = await serveQcow2(path, "source");
  return {
    size_bytes: served.client.size_bytes,
    extents: fileExtents(path, "qcow2", served.client.size_bytes),
    read: (into, offset_bytes) => served.client.read(into, offset_bytes),
    [Symbol.asyncDispose]: served.close,
  };
}

/** A qcow2 file, to be written: a new one when there is none, else the one that is there. Clusters of zeros are given up. */
export async function openQcow2Target(path: string, size_bytes: number): Promise<TargetDisk> {
  const blank = !(await isThere(path));
  if (blank)
    await withTool(
      "target",
      run("qemu-img", ["create", "-q", "-f", "qcow2", resolve(path), `${size_bytes}`]),
    );
  await checkQcow2(path, "target");
  const { client, close } = await serveQcow2(path, "target");
  if (client.size_bytes < size_bytes) {
    await close();
    throw new TransferFailure(
      "target",
      "invalid-input",
      `${path} is a disk of ${client.size_bytes} bytes, but ${size_bytes} are to be written; use a new file.`,
    );
  }
  return {
    size_bytes: client.size_bytes,
    blank,
    read: (into, offset_bytes) => client.read(into, offset_bytes),
    write: (bytes, offset_bytes) => client.write(bytes, offset_bytes),
    zero: (offset_bytes, length_bytes) => client.zero(offset_bytes, length_bytes),
    sync: () => client.flush(),
    [Symbol.asyncDispose]: close,
  };
}

/** A qemu-nbd of our own. It ends with its only client, and with this process, whatever ends that. */
async function serveQcow2(
  path: string,
  kind: "source" | "target",
): Promise<{ client: NbdClient; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-nbd-"));
  const socket = join(dir, "nbd.sock");
  const file = { driver: "file", filename: resolve(path) };
  // Named by parts: no text of a path or of a file is taken for an option, a protocol or a backing file.
  const image = `json:${JSON.stringify({ driver: "qcow2", backing: null, file })}`;
  const how = kind === "source" ? ["--read-only"] : ["--discard=unmap", "--cache=writeback"];
  const server = spawn("setpriv", ["--pdeathsig", "KILL", "qemu-nbd", "--socket", socket, ...how, image], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const gone = once(server, "close");
  gone.catch(() => {}); // no such program: seen below
  const close = async () => {
    server.kill();
    await gone.catch(() => {});
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const client = await withTool(
      kind,
      connectTo(server, socket, () => said),
    );
    return {
      client,
      async close() {
        await client.close();
        await gone; // it writes its last tables before it ends
        await rm(dir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The socket is there a moment before it is listened to. */
async function connectTo(server: ChildProcess, socket: string, said: () => string): Promise<NbdClient> {
  await once(server, "spawn");
  for (const until = performance.now() + START_MS; performance.now() < until; await sleep(LOOK_EVERY_MS)) {
    if (server.exitCode !== null || server.signalCode !== null) break;
    try {
      return await NbdClient.connect(socket);
    } catch (error) {
      if (!isNotYet(error)) throw error;
    }
  }
  throw new Error(`qemu-nbd serves nothing: ${said().trim() || "it does not answer"}`);
}

async function withTool<T>(kind: "source" | "target", use: Promise<T>): Promise<T> {
  try {
    return await use;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const missing =
      ("code" in cause && cause.code === "ENOENT") || /failed to execute qemu-nbd/.test(cause.message);
    const why = missing
      ? "A qcow2 file is read and written by qemu-nbd and qemu-img, which are not installed (Debian: apt-get install qemu-utils)."
      : `The qcow2 file cannot be used: ${cause.message}.`;
    throw new TransferFailure(kind, "transfer-failed", why, { cause });
  }
}

const isNotYet = (error: unknown) =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ECONNREFUSED");

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
