import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openQcow2Source, openQcow2Target } from "../disk/qcow2-disk.ts";
import { openRawSource, openRawTarget } from "../disk/raw-disk.ts";
import type { TargetDisk } from "../disk/target-disk.ts";
import { FigureBoard } from "../figures.ts";
import { TAIL_BYTES, writeDisk } from "../testing-disks.ts";
import { createThrottle } from "../throttle.ts";
import { ChunkMap } from "./chunk-map.ts";
import { ChunkThreads } from "./chunk-threads.ts";
import { copyDisk } from "./copy-disk.ts";
import { CHUNK_BYTES, chunksOf } from "./digest.ts";
import { DiskSink } from "./disk-sink.ts";

const dir = await mkdtemp(join(tmpdir(), "copy-"));
const threads = new ChunkThreads(2);
afterAll(async () => {
  await threads[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});
let names = 0;
const newPath = (name: string) => join(dir, `${names++}-${name}`);

interface Run {
  readonly maps?: string;
  readonly compare?: boolean;
  readonly signal?: AbortSignal;
  readonly open?: (path: string, size: number) => Promise<TargetDisk>;
}

/** One copy by one mover; with the maps of another one it goes on where that stopped. */
async function copy(from: string, to: string, { maps = newPath("maps"), ...run }: Run = {}) {
  await using source = await (from.endsWith("qcow2") ? openQcow2Source(from) : openRawSource(from));
  const opened = run.open ?? (to.endsWith("qcow2") ? openQcow2Target : openRawTarget);
  await using target = await opened(to, source.size_bytes);
  await using map = await ChunkMap.open(`${maps}-source`, chunksOf(source.size_bytes));
  await using written = await ChunkMap.open(`${maps}-target`, chunksOf(source.size_bytes));
  const board = new FigureBoard("t");
  board.beginCopy(source.size_bytes);
  const signal = run.signal ?? new AbortController().signal;
  const throttle = createThrottle(undefined);
  const { size_bytes } = source;
  const options = { target, size_bytes, map: written, threads, board, throttle, signal };
  const sink = new DiskSink({ ...options, compare: run.compare ?? true });
  await copyDisk({ source, sink, map, threads, board, signal });
  return board.figures();
}

test("a disk becomes another, holes and zeros stay out of it", async () => {
  const from = await writeDisk(newPath("a.raw"), "ab..0c0..d.e");
  const to = newPath("b.raw");
  const figures = await copy(from, to);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
  expect((await stat(to)).blocks * 512).toBeLessThan(6 * CHUNK_BYTES);
  expect(figures.bytes_written).toBe(4 * CHUNK_BYTES + TAIL_BYTES);
  expect(figures.bytes_read).toBeLessThan(8 * CHUNK_BYTES);
  expect(figures.zero_bytes).toBe(7 * CHUNK_BYTES);
  expect(figures.bytes_verified).toBe(figures.bytes_written);
});

test("only what differs is written to a disk that is there", async () => {
  const from = await writeDisk(newPath("a.raw"), "abcde.0hi.k");
  const to = await writeDisk(newPath("b.raw"), "abXde.Yhi.k");
  const figures = await copy(from, to);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
  expect(figures.bytes_written).toBe(CHUNK_BYTES);
  expect(figures.bytes_verified).toBe(2 * CHUNK_BYTES);
});

test("without a comparison all is written, and what was there is gone", async () => {
  const from = await writeDisk(newPath("a.raw"), "ab..e");
  const to = await writeDisk(newPath("b.raw"), "abXYe");
  await copy(from, to, { compare: false });
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
});

test("raw and qcow2 become each other, whatever they hold", async () => {
  const letters = fc.array(fc.constantFrom(".", ".", "0", "a", "b", "c"), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(letters, letters, async (disk, other) => {
      const from = await writeDisk(newPath("a.raw"), disk.join(""));
      const qcow2 = newPath("b.qcow2");
      const to = newPath("c.raw");
      await writeDisk(to, Array.from(disk, (_, at) => other[at] ?? "z").join(""));
      await copy(from, qcow2);
      await copy(qcow2, to);
      expect((await readFile(to)).equals(await readFile(from))).toBe(true);
    }),
    { numRuns: 4 },
  );
});

test("a copy that is stopped anywhere goes on there, reads nothing twice, and is whole in the end", async () => {
  const from = await writeDisk(newPath("a.raw"), "abcdefgh..0ijklmnop");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }), async (stops) => {
      const to = newPath("b.raw");
      const maps = newPath("maps");
      for (const after of stops) {
        const stop = new AbortController();
        let writes = 0;
        const open = async (path: string, size: number) => {
          const target = await openRawTarget(path, size);
          const write: TargetDisk["write"] = async (bytes, at) => {
            // What a kill leaves: a chunk that is half there.
            if (writes++ >= after) {
              await target.write(bytes.subarray(0, 1000), at);
              stop.abort(new Error("killed"));
              throw new Error("killed");
            }
            await target.write(bytes, at);
          };
          return { ...target, write };
        };
        await copy(from, to, { maps, open, signal: stop.signal }).catch((error: Error) => {
          expect(error.message).toContain("killed");
        });
      }
      const { bytes_read } = await copy(from, to, { maps });
      expect((await readFile(to)).equals(await readFile(from))).toBe(true);
      const done = stops.reduce((sum, after) => sum + after, 0);
      expect(bytes_read).toBeLessThanOrEqual(Math.max(0, 17 - done) * CHUNK_BYTES);
    }),
    { numRuns: 4 },
  );
});

test("what a target spoils is found by reading it again, and repaired", async () => {
  const from = await writeDisk(newPath("a.raw"), "abcdef");
  const to = newPath("b.raw");
  let spoiled = 0;
  const open = async (path: string, size: number) => {
    const target = await openRawTarget(path, size);
    const write: TargetDisk["write"] = async (bytes, at) => {
      const good = at !== 2 * CHUNK_BYTES || spoiled++ > 0;
      await target.write(good ? bytes : randomBytes(bytes.length), at);
    };
    return { ...target, write };
  };
  await copy(from, to, { open });
  expect(spoiled).toBe(2);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
});

test("a side that fails is named, with the place and the reason", async () => {
  const from = await writeDisk(newPath("a.raw"), "abc");
  const open = async (path: string, size: number) => {
    const target = await openRawTarget(path, size);
    const write = async () => {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    };
    return { ...target, write };
  };
  await expect(copy(from, newPath("b.raw"), { open })).rejects.toThrow(
    /The target cannot be written at byte \d+: there is no room left\./,
  );
  const shorter = async (path: string, size: number) => {
    await truncate(from, 0);
    return await openRawTarget(path, size);
  };
  await expect(copy(from, newPath("c.raw"), { open: shorter })).rejects.toThrow(
    /The source cannot be read at byte \d+: .*has 0 bytes now, of 2100736 before/,
  );
});

test("a target that keeps nothing is named after some tries", async () => {
  const from = await writeDisk(newPath("a.raw"), "abc");
  const open = async (path: string, size: number) => {
    const target = await openRawTarget(path, size);
    return { ...target, write: async () => {} };
  };
  await expect(copy(from, newPath("b.raw"), { open })).rejects.toThrow(
    "does not keep what is written to it: 3 chunks differ, the first at byte 0",
  );
});

test("a source that changes between two attempts is refused", async () => {
  const from = await writeDisk(newPath("a.raw"), "abc");
  const maps = newPath("maps");
  await copy(from, newPath("b.raw"), { maps });
  await writeDisk(from, "aXc");
  await rm(`${maps}-target`);
  await expect(copy(from, newPath("c.raw"), { maps })).rejects.toThrow("copy a snapshot of it");
});
