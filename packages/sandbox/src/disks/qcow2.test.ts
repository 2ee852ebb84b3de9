import { randomBytes } from "node:crypto";
import { mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256OfFile } from "./digest.ts";
import { BadQcow2, readQcow2 } from "./qcow2-read.ts";
import { CLUSTER_BYTES, writeQcow2 } from "./qcow2-write.ts";

const MIB = 2 ** 20;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "qcow2-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function rawDisk(name: string, size_bytes: number, pieces: Array<[number, Buffer]>): Promise<string> {
  const path = join(dir, name);
  await using file = await open(path, "w");
  await file.truncate(size_bytes);
  for (const [offset, bytes] of pieces) await file.write(bytes, 0, bytes.length, offset);
  return path;
}

test.each([
  ["empty", 64 * MIB, []],
  [
    "data in front, in the middle and in the last byte",
    64 * MIB,
    [
      [0, 700],
      [30 * MIB + 5, 200_000],
      [64 * MIB - 1, 1],
    ],
  ],
  [
    "more than one L2 table",
    520 * MIB,
    [
      [100 * MIB, 3 * MIB],
      [515 * MIB, 4096],
    ],
  ],
  ["a size that is no whole cluster", 5 * MIB + 512, [[5 * MIB, 512]]],
] as Array<[string, number, Array<[number, number]>]>)(
  "a disk comes back from qcow2 as it went in: %s",
  async (name, size, lengths) => {
    const raw = await rawDisk(
      "in.raw",
      size,
      lengths.map(([offset, length]) => [offset, randomBytes(length)]),
    );
    const qcow2 = join(dir, "disk.qcow2");
    const back = join(dir, "out.raw");
    await writeQcow2(raw, qcow2);
    await readQcow2(qcow2, back);
    expect(await sha256OfFile(back), name).toBe(await sha256OfFile(raw));
    const data_clusters = lengths.reduce((sum, [, length]) => sum + Math.ceil(length / CLUSTER_BYTES) + 1, 0);
    expect((await stat(qcow2)).size).toBeLessThan((data_clusters + 8) * CLUSTER_BYTES);
  },
);

test("a disk may be written to a larger one", async () => {
  const raw = await rawDisk("small.raw", 2 * MIB, [[0, Buffer.from("hello")]]);
  await writeQcow2(raw, join(dir, "small.qcow2"));
  await readQcow2(join(dir, "small.qcow2"), join(dir, "large.raw"), 8 * MIB);
  expect((await stat(join(dir, "large.raw"))).size).toBe(8 * MIB);
});

test("compressed clusters, as cloud images have them, are read", async () => {
  const raw = await rawDisk("c.raw", CLUSTER_BYTES, [[0, Buffer.alloc(CLUSTER_BYTES, "abc")]]);
  const path = join(dir, "c.qcow2");
  await writeQcow2(raw, path);
  const bytes = await readFile(path);
  const l2_offset = Number(bytes.readBigUInt64BE(CLUSTER_BYTES) & 0x00fffffffffffe00n);
  const data_offset = Number(bytes.readBigUInt64BE(l2_offset) & 0x00fffffffffffe00n);
  const packed = deflateRawSync(Buffer.alloc(CLUSTER_BYTES, "abc"));
  packed.copy(bytes, data_offset);
  const sectors = BigInt(Math.ceil(packed.length / 512) - 1);
  bytes.writeBigUInt64BE((1n << 62n) | (sectors << 54n) | BigInt(data_offset), l2_offset);
  await writeFile(path, bytes);
  await readQcow2(path, join(dir, "c.out"));
  expect(await sha256OfFile(join(dir, "c.out"))).toBe(await sha256OfFile(raw));
});

test("what is no qcow2, or hangs on a backing file, is refused", async () => {
  const raw = await rawDisk("n.raw", MIB, [[0, Buffer.from("no header")]]);
  await expect(readQcow2(raw, join(dir, "n.out"))).rejects.toThrow(BadQcow2);
  const path = join(dir, "b.qcow2");
  await writeQcow2(raw, path);
  const bytes = await readFile(path);
  bytes.writeBigUInt64BE(4096n, 8);
  await writeFile(path, bytes);
  await expect(readQcow2(path, join(dir, "n.out"))).rejects.toThrow("backing file");
});
