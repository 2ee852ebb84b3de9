import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openQcow2Source, openQcow2Target } from "./qcow2-disk.ts";
import { openRawSource, openRawTarget } from "./raw-disk.ts";

const dir = await mkdtemp(join(tmpdir(), "disks-"));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function collect<T>(items: Iterable<T> | AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const MIB = 1024 * 1024;
const qemuImg = (...args: string[]) => execFileSync("qemu-img", args, { encoding: "utf8", stdio: "pipe" });

test("a raw file tells its holes, and a target of it is sparse", async () => {
  const path = join(dir, "a.raw");
  await using target = await openRawTarget(path, 64 * MIB);
  expect(target.blank).toBe(true);
  await target.write(Buffer.alloc(MIB, 7), 10 * MIB);
  await target.zero(20 * MIB, 5 * MIB);
  await target.sync();
  expect((await stat(path)).blocks * 512).toBeLessThan(2 * MIB);
  await using source = await openRawSource(path);
  const extents = await collect(source.extents ?? []);
  expect(extents).toEqual([{ offset_bytes: 10 * MIB, length_bytes: MIB }]);
});

test("zeros replace what a target had", async () => {
  const path = join(dir, "full.raw");
  await writeFile(path, Buffer.alloc(4 * MIB, 9));
  await using target = await openRawTarget(path, 4 * MIB);
  expect(target.blank).toBe(false);
  await target.zero(MIB, 2 * MIB);
  const into = Buffer.alloc(4 * MIB);
  await target.read(into, 0);
  expect(into.subarray(MIB, 3 * MIB).equals(Buffer.alloc(2 * MIB))).toBe(true);
  expect(into[MIB - 1]).toBe(9);
  expect(into[3 * MIB]).toBe(9);
});

test("an empty file is a blank disk: so it is left by a mover that was killed right after it made it", async () => {
  await using target = await openRawTarget(await emptyFile("empty", 0), 4 * MIB);
  expect([target.size_bytes, target.blank]).toEqual([4 * MIB, true]);
  const into = Buffer.alloc(MIB, 9);
  await target.read(into, 3 * MIB);
  expect(into.equals(Buffer.alloc(MIB))).toBe(true);
});

test("a file of another size, and what is no disk, is refused with the remedy", async () => {
  const path = join(dir, "small.raw");
  await writeFile(path, "small");
  await expect(openRawTarget(path, MIB)).rejects.toThrow("has 5 bytes, but the disk has 1048576");
  await expect(openRawSource("/dev/null")).rejects.toThrow("neither a file nor a block device");
});

const loop = spawnSync("losetup", ["--find", "--show", await emptyFile("device", 8 * MIB)], {
  encoding: "utf8",
});
afterAll(() => loop.status === 0 && spawnSync("losetup", ["--detach", loop.stdout.trim()]));

test.skipIf(loop.status !== 0)(
  "a block device is written and read, and keeps what is behind the disk",
  async () => {
    const path = loop.stdout.trim();
    await expect(openRawTarget(path, 9 * MIB)).rejects.toThrow("use a larger device");
    await using target = await openRawTarget(path, 6 * MIB);
    expect([target.size_bytes, target.blank]).toEqual([8 * MIB, false]);
    await expect(openRawTarget(path, 6 * MIB)).rejects.toThrow("EBUSY"); // claimed by us
    const data = randomBytes(MIB);
    await target.write(data, 5 * MIB);
    await target.sync();
    await using source = await openRawSource(path);
    expect(source.size_bytes).toBe(8 * MIB);
    const into = Buffer.alloc(MIB);
    await source.read(into, 5 * MIB);
    expect(into.equals(data)).toBe(true);
  },
);

test("a qcow2 file is made, written, and read again", async () => {
  const path = join(dir, "b, with a comma.qcow2");
  const data = randomBytes(3 * MIB);
  {
    await using target = await openQcow2Target(path, 64 * MIB);
    expect([target.blank, target.size_bytes]).toEqual([true, 64 * MIB]);
    await target.write(data, 30 * MIB);
    await target.zero(31 * MIB, MIB);
    await target.sync();
  }
  expect(qemuImg("check", path)).toContain("No errors were found");
  await using source = await openQcow2Source(path);
  const into = Buffer.alloc(3 * MIB);
  await source.read(into, 30 * MIB);
  data.fill(0, MIB, 2 * MIB);
  expect(into.equals(data)).toBe(true);
  expect(await collect(source.extents ?? [])).toEqual([
    { offset_bytes: 30 * MIB, length_bytes: MIB },
    { offset_bytes: 32 * MIB, length_bytes: MIB },
  ]);
});

test("a qcow2 file that names another file is refused", async () => {
  const secret = join(dir, "secret");
  await writeFile(secret, Buffer.alloc(MIB, 1));
  const backed = join(dir, "backed.qcow2");
  qemuImg("create", "-q", "-f", "qcow2", "-b", secret, "-F", "raw", backed);
  await expect(openQcow2Source(backed)).rejects.toThrow("has a backing file");
  const outside = join(dir, "outside.qcow2");
  qemuImg("create", "-q", "-f", "qcow2", "-o", `data_file=${join(dir, "data")}`, outside, "1M");
  await expect(openQcow2Target(outside, MIB)).rejects.toThrow("keeps its data in another file");
  await expect(openQcow2Source(secret)).rejects.toThrow("is no qcow2 file");
});

test("no qemu-nbd and no socket is left", async () => {
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith("uniview-nbd-"));
  const path = join(dir, "c.qcow2");
  await (await openQcow2Target(path, MIB))[Symbol.asyncDispose]();
  await expect(openQcow2Target(path, 2 * MIB)).rejects.toThrow("use a new file");
  const after = (await readdir(tmpdir())).filter((name) => name.startsWith("uniview-nbd-"));
  expect(after.filter((name) => !before.includes(name))).toEqual([]);
  await using file = await open(path, "r+");
  await file.sync();
});

async function emptyFile(name: string, size_bytes: number): Promise<string> {
  const path = join(dir, name);
  await using file = await open(path, "w");
  await file.truncate(size_bytes);
  return path;
}
