import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { memory } from "../storage/memory.ts";
import { CHUNK, diskOfChunks, makeRepository, write } from "../testing/disks.ts";
import { openRawDisk } from "./disk-source.ts";
import { fileExtents } from "./disk-source-extents.ts";
import { openPointDisk } from "./disk-source-point.ts";
import { exportQcow2 } from "./export-qcow2.ts";
import { Qcow2Layout } from "./export-qcow2-layout.ts";
import { exportRaw } from "./export-raw.ts";
import { diskOf } from "./read-disk.ts";
import { writePoint } from "./write-point.ts";

const dir = await mkdtemp(join(tmpdir(), "export-"));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const qemuImg = (...args: string[]) => execFileSync("qemu-img", args, { encoding: "utf8" });

const DISK = diskOfChunks([2, 0, 0, 3, 4, 4, 0, 5, 0, 0, 0, 0, 6], 512);

async function storedDisk(bytes: Buffer) {
  const { vault } = await makeRepository(memory());
  return { vault, disk: diskOf(await write(vault, bytes), "vda") };
}

test("a disk comes out as raw and as qcow2, and qemu-img finds them identical and sound", async () => {
  const { vault, disk } = await storedDisk(DISK);
  const raw = join(dir, "disk.raw");
  const qcow2 = join(dir, "disk.qcow2");
  await exportRaw(vault, disk, raw);
  await exportQcow2(vault, disk, qcow2);
  expect(await readFile(raw)).toEqual(DISK);
  expect(qemuImg("check", qcow2)).toContain("No errors were found");
  expect(qemuImg("compare", "-f", "raw", "-F", "qcow2", raw, qcow2)).toContain("Images are identical");
});

test("a sparse disk of a terabyte is a small qcow2 file", async () => {
  const path = join(dir, "sparse.raw");
  await using file = await open(path, "w");
  await file.truncate(2 ** 40);
  for (const at of [0, 2 ** 30 + 7, 2 ** 39, 2 ** 40 - 5]) await file.write(Buffer.from("data!"), 0, 5, at);
  const { vault } = await makeRepository(memory(), { threads: 0 }, {});
  await using source = await openRawDisk(path, { extents: fileExtents(path) });
  const { point } = await writePoint(vault, { disks: [{ name: "vda", source }] });
  const qcow2 = join(dir, "sparse.qcow2");
  await exportQcow2(vault, diskOf(point, "vda"), qcow2);
  expect(qemuImg("check", qcow2)).toContain("No errors were found");
  expect(qemuImg("compare", "-f", "raw", "-F", "qcow2", path, qcow2)).toContain("Images are identical");
  expect((await stat(qcow2)).size).toBeLessThan(64 * 1024 * 1024);
});

test("an export that is stopped leaves no file that could be taken for a whole qcow2", async () => {
  const { vault, disk } = await storedDisk(DISK);
  const path = join(dir, "stopped.qcow2");
  const stop = new AbortController();
  const exported = exportQcow2(vault, disk, path, {
    signal: stop.signal,
    onProgress: ({ done_bytes }) => done_bytes > 3 * CHUNK && stop.abort(new Error("enough")),
  });
  await expect(exported).rejects.toThrow("enough");
  expect(existsSync(path)).toBe(false);
});

test("an export overwrites nothing", async () => {
  const { vault, disk } = await storedDisk(DISK);
  const path = join(dir, "precious");
  await writeFile(path, "precious");
  for (const exportTo of [exportRaw, exportQcow2])
    await expect(exportTo(vault, disk, path)).rejects.toThrow("EEXIST");
  expect(await readFile(path, "utf8")).toBe("precious");
});

test("a layout has room for each cluster once, whatever is where", async () => {
  const extents = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 2 ** 30 }), fc.integer({ min: 1, max: 300_000 })), {
      maxLength: 20,
    })
    .map((pairs) => pairs.toSorted(([a], [b]) => a - b));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 30 }), extents, async (size_bytes, pairs) => {
      const layout = await Qcow2Layout.of(
        size_bytes,
        pairs.map(([offset_bytes, length_bytes]) => ({ offset_bytes, length_bytes })),
      );
      const places: (number | undefined)[] = [];
      for (const run of layout.runs(0, Math.ceil(size_bytes / layout.cluster_bytes) * layout.cluster_bytes))
        for (let done = 0; done < run.length_bytes; done += layout.cluster_bytes)
          places.push(layout.placeOf(run.offset_bytes + done));
      expect(places).toEqual(places.map((_, index) => layout.data_at + index * layout.cluster_bytes));
      expect(layout.file_bytes).toBe(layout.data_at + places.length * layout.cluster_bytes);
      let head_bytes = 0;
      for (const cluster of layout.head()) head_bytes += cluster.length;
      expect(head_bytes).toBe(layout.data_at);
    }),
    { numRuns: 50 },
  );
});

test("a disk of a recovery point is read anywhere, and says where its data is", async () => {
  const { vault, disk } = await storedDisk(DISK);
  await using source = await openPointDisk(vault, disk);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: DISK.length }),
      fc.integer({ min: 0, max: 3 * CHUNK }),
      async (offset, most) => {
        const into = Buffer.alloc(Math.min(most, DISK.length - offset), 1);
        await source.read(into, offset);
        expect(into.equals(DISK.subarray(offset, offset + into.length))).toBe(true);
      },
    ),
  );
  const chunks: number[] = [];
  for await (const { offset_bytes } of source.extents) chunks.push(offset_bytes / CHUNK);
  expect(chunks).toEqual([0, 3, 4, 5, 7, 12, 13]);
  expect(await source.idOf(1)).toBeNull();
  expect(await source.idOf(4)).toEqual(await source.idOf(5));
  await expect(source.read(Buffer.alloc(2), DISK.length - 1)).rejects.toThrow("ends at byte");
});

test("holes of a file are known without reading it", async () => {
  const path = join(dir, "holes.raw");
  await using file = await open(path, "w");
  await file.truncate(64 * 1024 * 1024);
  await file.write(Buffer.alloc(65_536, 1), 0, 65_536, 32 * 1024 * 1024);
  await file.sync();
  const extents = await collect(fileExtents(path));
  expect(extents).toEqual([{ offset_bytes: 32 * 1024 * 1024, length_bytes: 65_536 }]);
  await expect(collect(fileExtents(join(dir, "missing")))).rejects.toThrow("could not map");
  expect(await collect(fileExtents(path))).toEqual(extents);
});
