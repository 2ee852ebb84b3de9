import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { sourceOf } from "../testing/disks.ts";
import { NbdClient } from "./client.ts";
import { serveDisk } from "./server.ts";

const dir = await mkdtemp(join(tmpdir(), "nbd-"));
afterAll(() => rm(dir, { recursive: true, force: true }));
const run = promisify(execFile);

const DISK = Buffer.concat([randomBytes(300_032), Buffer.alloc(1_000_448), randomBytes(100_352)]);

test("qemu reads a disk that is served here", async () => {
  const socket = join(dir, "server.sock");
  const original = join(dir, "original.raw");
  await writeFile(original, DISK);
  await using _server = await serveDisk(sourceOf(DISK), socket);
  const url = `nbd+unix:///?socket=${socket}`;
  const { stdout } = await run("qemu-img", ["compare", "-f", "raw", "-F", "raw", original, url]);
  expect(stdout).toContain("Images are identical");
});

test("our client reads what our server serves, and is told of errors", async () => {
  const socket = join(dir, "pair.sock");
  const disk = sourceOf(DISK);
  await using _server = await serveDisk(
    {
      ...disk,
      read: (into, at) => (at === 512 ? Promise.reject(new Error("damaged")) : disk.read(into, at)),
    },
    socket,
  );
  const client = await NbdClient.connect(socket);
  expect([client.size_bytes, client.read_only]).toEqual([DISK.length, true]);
  const into = Buffer.alloc(70_000);
  await client.read(into, 1_300_000);
  expect(into.equals(DISK.subarray(1_300_000, 1_370_000))).toBe(true);
  await expect(client.read(into, 512)).rejects.toThrow("error 5");
  await expect(client.read(into, DISK.length)).rejects.toThrow("error 22");
  await client.close();
  await expect(client.read(into, 0)).rejects.toThrow();
});

test("a qcow2 file is read and written through qemu-nbd, holes told and left", async () => {
  const file = join(dir, "disk.qcow2");
  const socket = join(dir, "qemu.sock");
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", file, "64M"]);
  const server = spawn("qemu-nbd", ["-f", "qcow2", "--socket", socket, "--discard=unmap", file]);
  while (!existsSync(socket)) await sleep(10);
  const client = await NbdClient.connect(socket);
  expect(client.size_bytes).toBe(64 * 1024 * 1024);
  const data = randomBytes(3 * 1024 * 1024);
  await Promise.all([client.write(data, 1024 * 1024), client.write(data, 40 * 1024 * 1024)]);
  await client.zero(2 * 1024 * 1024, 1024 * 1024);
  await client.flush();
  const into = Buffer.alloc(64 * 1024 * 1024, 1);
  await client.read(into, 0); // more than one request may ask for
  const expected = Buffer.alloc(into.length);
  data.copy(expected, 1024 * 1024);
  data.copy(expected, 40 * 1024 * 1024);
  expected.fill(0, 2 * 1024 * 1024, 3 * 1024 * 1024);
  expect(into.equals(expected)).toBe(true);
  const [first, second] = await client.status(0, 64 * 1024 * 1024);
  expect([first, second]).toEqual([
    { length_bytes: 1024 * 1024, zero: true },
    { length_bytes: 1024 * 1024, zero: false },
  ]);
  const closed = new Promise((resolve) => server.on("close", resolve));
  await client.close();
  await closed;
  expect((await readFile(file)).length).toBeLessThan(7 * 1024 * 1024);
});
