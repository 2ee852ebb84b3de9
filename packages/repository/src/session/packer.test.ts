import { hash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DiskSource, openRawDisk } from "../operation/disk-source.ts";
import { verify } from "../operation/verify.ts";
import { writePoint } from "../operation/write-point.ts";
import { localFolder } from "../storage/local-folder.ts";
import { memory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { CHUNK, chunkOf, diskOfChunks, makeRepository, restore, SMALL } from "../testing/disks.ts";

let root: string;
let made = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "uniview-packer-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = () => join(root, `${made++}`);

const THREADS = { ...SMALL, threads: 2 };
const WIDE = { chunk_bytes: CHUNK, segment_chunks: 100 };

const sourceOf = (disk: Buffer): DiskSource => ({
  size_bytes: disk.length,
  async read(into, offset_bytes) {
    disk.copy(into, 0, offset_bytes);
  },
});

async function unfinishedIn(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).filter((name) => name.includes("_unfinished-"));
}

const KINDS: readonly [string, () => Storage][] = [
  ["in files that threads write", () => localFolder(folder())],
  ["in memory", () => memory()],
];

test.each(KINDS)("a chunk that a disk has many times is stored once, packs being %s", async (_, storage) => {
  const { vault } = await makeRepository(storage(), THREADS, WIDE);
  const numbers = Array.from({ length: 400 }, (_, index) => (index < 40 ? index + 1 : (index % 3) + 1));
  const source = sourceOf(diskOfChunks(numbers));
  const { figures } = await writePoint(vault, { disks: [{ name: "vda", source }] });
  expect(figures.stored_chunks).toBe(40 + 4); // and the segments
  const { problems } = await verify(vault);
  expect(problems).toEqual([]);
});

/** Two chunks whose ids begin with the same three bytes: by what threads know of chunks they are one. */
function chunksAlike(): [Buffer, Buffer] {
  const known = new Map<number, Buffer>();
  for (let number = 1; ; number++) {
    const chunk = Buffer.alloc(CHUNK, `${number} `);
    const beginning = hash("sha256", chunk, "buffer").readUIntLE(0, 3);
    const alike = known.get(beginning);
    if (alike) return [alike, chunk];
    known.set(beginning, chunk);
  }
}

test("of two chunks that threads cannot tell apart both are stored, also when threads read them from a file", async () => {
  const { vault } = await makeRepository(localFolder(folder()), THREADS, WIDE);
  const disk = Buffer.concat([chunkOf(2), ...chunksAlike(), chunkOf(4)]);
  const path = folder();
  await writeFile(path, disk);
  await using source = await openRawDisk(path);
  const { point, figures } = await writePoint(vault, { disks: [{ name: "vda", source }] });
  expect(figures.stored_chunks).toBe(4 + 1);
  expect((await restore(vault, point)).equals(disk)).toBe(true);
});

test("a second write of the same stores nothing of it, and begins no pack for it", async () => {
  const path = folder();
  const { vault } = await makeRepository(localFolder(path), THREADS, WIDE);
  const source = sourceOf(diskOfChunks(Array.from({ length: 50 }, (_, index) => index + 1)));
  await writePoint(vault, { disks: [{ name: "vda", source }] });
  const { figures } = await writePoint(vault, { disks: [{ name: "vda", source }] });
  expect(figures).toEqual({ stored_chunks: 0, stored_bytes: 0, packed_bytes: 0 });
  expect(await unfinishedIn(path)).toEqual([]);
});

test("a write that ends in the middle leaves no unfinished files behind", async () => {
  const path = folder();
  const { vault } = await makeRepository(localFolder(path), THREADS, WIDE);
  const source: DiskSource = {
    size_bytes: 100 * CHUNK,
    async read(into, offset_bytes) {
      if (offset_bytes === 60 * CHUNK) throw new Error("the disk does not answer");
      chunkOf(offset_bytes / CHUNK + 1).copy(into);
    },
  };
  const written = writePoint(vault, { disks: [{ name: "vda", source }] });
  await expect(written).rejects.toThrow("the disk does not answer");
  expect(await unfinishedIn(path)).toEqual([]);
});

test("a put that fails ends the write, and leaves no unfinished files behind", async () => {
  const path = folder();
  const { vault } = await makeRepository(localFolder(path), THREADS, WIDE);
  let begun = 0;
  const { storage } = vault;
  const failing: Storage = {
    ...storage,
    async beginFile(name) {
      const file = await storage.beginFile?.(name);
      if (!file || begun++ !== 2) return file;
      const finish = async () => {
        await file.drop();
        throw new Error("the disk is full");
      };
      return { ...file, finish };
    },
  };
  const source = sourceOf(diskOfChunks(Array.from({ length: 200 }, (_, index) => index + 1)));
  const written = writePoint({ ...vault, storage: failing }, { disks: [{ name: "vda", source }] });
  await expect(written).rejects.toThrow("the disk is full");
  expect(await unfinishedIn(path)).toEqual([]);
});
