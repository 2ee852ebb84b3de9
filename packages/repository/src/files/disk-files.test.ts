import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openRawDisk } from "../operation/disk-source.ts";
import { fileExtents } from "../operation/disk-source-extents.ts";
import { diskOf } from "../operation/read-disk.ts";
import { writePoint } from "../operation/write-point.ts";
import { memory } from "../storage/memory.ts";
import { makeRepository } from "../testing/disks.ts";
import { type DiskFiles, openDiskFiles } from "./disk-files.ts";
import type { LendOptions } from "./lend-image.ts";
import { parseEntries } from "./listing.ts";

const dir = await mkdtemp(join(tmpdir(), "disk-files-"));
afterAll(() => rm(dir, { recursive: true, force: true }));

const MIB = 1024 * 1024;
const BIG = randomBytes(3 * MIB + 77);
const HOSTS = "127.0.0.1 localhost\n";
const run = (program: string, args: readonly string[], input?: string) =>
  execFileSync(program, args, { stdio: ["pipe", "ignore", "pipe"], cwd: dir, ...(input ? { input } : {}) });

const tree = join(dir, "tree");
await mkdir(join(tree, "etc/a folder/ünï"), { recursive: true });
await writeFile(join(tree, "etc/hosts"), HOSTS);
await utimes(join(tree, "etc/hosts"), new Date("2024-05-06T07:08:09Z"), new Date("2024-05-06T07:08:09Z"));
await writeFile(join(tree, "etc/.hidden"), "");
await writeFile(join(tree, "etc/a folder/ünï/two\nlines"), "2");
await writeFile(join(tree, "big.bin"), BIG);
await symlink("etc/hosts", join(tree, "link"));

async function makeImage(name: string, size_mib: number): Promise<string> {
  const path = join(dir, name);
  await using file = await open(path, "w");
  await file.truncate(size_mib * MIB);
  return path;
}

async function filesOf(path: string, options: LendOptions = {}): Promise<DiskFiles> {
  const { vault } = await makeRepository(memory(), { threads: 0 }, {});
  await using source = await openRawDisk(path, { extents: fileExtents(path) });
  const { point } = await writePoint(vault, { disks: [{ name: "vda", source }] });
  return await openDiskFiles(vault, diskOf(point, "vda"), { scratch_dir: dir, ...options });
}

const names = (entries: readonly { name: string }[]) => entries.map(({ name }) => name);

async function makeExt4(): Promise<string> {
  const path = await makeImage("ext4.img", 64);
  run("mkfs.ext4", ["-q", "-d", tree, path]);
  return path;
}

for (const lazily of [true, false])
  test(`files come out of ext4, ${lazily ? "without exporting the disk where FUSE is there" : "from an export"}`, async () => {
    await using files = await filesOf(await makeExt4(), { lazily });
    if (!lazily) expect(files.lazy).toBe(false); // else as the machine can: containers often have no FUSE
    expect(await files.parts()).toMatchObject([{ name: "disk", filesystem: "ext*", size_bytes: 64 * MIB }]);
    expect(names(await files.list("disk", "/"))).toEqual(["big.bin", "etc", "link", "lost+found"]);
    expect(await files.list("disk", "etc/")).toMatchObject([
      { name: ".hidden", kind: "file", size_bytes: 0 },
      { name: "a folder", kind: "folder", size_bytes: null },
      { name: "hosts", kind: "file", size_bytes: HOSTS.length, modified_at: "2024-05-06T07:08:09.000Z" },
    ]);
    const to = join(dir, `restored-${lazily}`);
    expect(await files.restore("disk", "/", to)).toEqual({
      files: 5,
      bytes: BIG.length + 2 * HOSTS.length + 1,
    });
    expect((await readFile(join(to, "big.bin"))).equals(BIG)).toBe(true);
    expect(await readFile(join(to, "etc/a folder/ünï/two\nlines"), "utf8")).toBe("2");
    expect(await readFile(join(to, "link"), "utf8")).toBe(HOSTS);
    expect((await stat(join(to, "etc/hosts"))).mtime.toISOString()).toBe("2024-05-06T07:08:09.000Z");
  });

test("files come out of xfs", async () => {
  const path = join(dir, "xfs.img");
  const proto = join(dir, "proto");
  const file = (name: string, from: string) => `${name} ---644 0 0 ${from}\n`;
  const folder = `etc d--755 0 0\n${file("hosts", join(tree, "etc/hosts"))}$\n`;
  await writeFile(proto, `/dev/null\n0 0\nd--755 0 0\n${folder}${file("big.bin", join(tree, "big.bin"))}$\n`);
  run("mkfs.xfs", ["-q", "-f", "-d", `file,name=${path},size=320m`, "-p", proto]);
  await using files = await filesOf(path);
  expect((await files.parts())[0]?.filesystem).toBe("xfs");
  expect(names(await files.list("disk", "/etc"))).toEqual(["hosts"]);
  const to = join(dir, "big-of-xfs");
  await files.restore("disk", "/big.bin", to);
  expect((await readFile(to)).equals(BIG)).toBe(true);
});

test("files come out of partitions, ntfs among them", async () => {
  const ntfs = await makeImage("ntfs.img", 32);
  run("mkfs.ntfs", ["-q", "-F", "-Q", ntfs]);
  run("ntfscp", ["-f", ntfs, join(tree, "big.bin"), "/big.bin"]);
  const whole = await makeImage("partitioned.img", 110);
  run("sfdisk", ["-q", whole], "label: gpt\nsize=1M, type=U\nsize=64M, type=L\nsize=32M, type=L\n");
  run("dd", [`if=${await makeExt4()}`, `of=${whole}`, "bs=1M", "seek=2", "conv=notrunc"]);
  run("dd", [`if=${ntfs}`, `of=${whole}`, "bs=1M", "seek=66", "conv=notrunc"]);
  await using files = await filesOf(whole);
  expect((await files.parts()).map(({ name, filesystem }) => [name, filesystem])).toEqual([
    ["disk", null],
    ["gpt1", null],
    ["gpt2", "ext*"],
    ["gpt3", "ntfs"],
  ]);
  expect(names(await files.list("gpt2", "/"))).toContain("etc");
  const to = join(dir, "big-of-ntfs");
  expect(await files.restore("gpt3", "big.bin", to)).toEqual({ files: 1, bytes: BIG.length });
  expect((await readFile(to)).equals(BIG)).toBe(true);
  await expect(files.list("gpt1", "/")).rejects.toThrow("no filesystem that can be read");
  await expect(files.list("gpt9", "/")).rejects.toThrow("no part gpt9: it has disk, gpt1, gpt2, gpt3");
});

test("what is not there is said, nothing is overwritten, and nothing is left", async () => {
  const before = (await readdir(dir)).filter((name) => name.startsWith("uniview-files-"));
  {
    await using files = await filesOf(await makeExt4());
    await expect(files.list("disk", "/nowhere")).rejects.toThrow("There is no /nowhere on disk.");
    await expect(files.list("disk", "/etc/hosts")).rejects.toThrow("is a file, not a folder");
    await expect(files.restore("disk", "../../etc/passwd", join(dir, "x"))).rejects.toThrow("no /etc/passwd");
    const precious = join(dir, "precious");
    await writeFile(precious, "precious");
    await expect(files.restore("disk", "/etc/hosts", precious)).rejects.toThrow("EEXIST");
    expect(await readFile(precious, "utf8")).toBe("precious");
  }
  const after = (await readdir(dir)).filter((name) => name.startsWith("uniview-files-"));
  expect(after).toEqual(before);
});

test("a file that cannot be read whole is not left half restored", async () => {
  const path = await makeExt4();
  await using files = await filesOf(path, { lazily: false });
  const [lent] = (await readdir(dir)).filter((name) => name.startsWith("uniview-files-"));
  await truncate(join(dir, lent ?? "", "disk.raw"), 5 * MIB);
  const to = join(dir, "half");
  await expect(files.restore("disk", "/big.bin", to)).rejects.toThrow();
  await expect(stat(to)).rejects.toThrow("ENOENT");
});

test("names of files are taken as they are", () => {
  const text =
    "DIR          20240101000000 ./\n12           20240101000000 a b  \nsecond line\n0             no time\n";
  expect(parseEntries(text)).toEqual([
    { name: "a b  \nsecond line", kind: "file", size_bytes: 12, modified_at: "2024-01-01T00:00:00.000Z" },
    { name: "no time", kind: "file", size_bytes: 0, modified_at: null },
  ]);
});
