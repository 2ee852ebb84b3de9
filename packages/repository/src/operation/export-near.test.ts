import { mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { WriteSession } from "../session/write-session.ts";
import { localFolder } from "../storage/local-folder.ts";
import { CHUNK, diskOfChunks, makeRepository, SMALL, sourceOf } from "../testing/disks.ts";
import type { Vault } from "../vault.ts";
import { exportRaw } from "./export-raw.ts";
import { writeDisk } from "./write-disk.ts";

// Threads copy chunks from a local folder to a file in runs: here some of a run are damaged, moved, or gone.

const CHUNKS = [2, 4, 0, 6, 8, 1, 10, 0, 0, 3, 5, 7, 9, 11, 12, 2, 13, 14, 15, 16, 0, 17];
const DISK = diskOfChunks(CHUNKS, 100);
const root = await mkdtemp(join(tmpdir(), "export-near-"));
afterAll(() => rm(root, { recursive: true }));

let folder: string;
let vault: Vault;
beforeEach(async () => {
  folder = await mkdtemp(join(root, "repository-"));
  const storage = localFolder(folder, { durable: false });
  const sizes = { chunk_bytes: CHUNK, segment_chunks: 16 };
  ({ vault } = await makeRepository(storage, { ...SMALL, threads: 2 }, sizes));
});

/** Writes the disk by so many writers that know nothing of each other: each stores all its chunks. */
async function writeBy(writers: number) {
  const sessions = await Promise.all(Array.from({ length: writers }, () => WriteSession.begin(vault)));
  const disks = [];
  for (const session of sessions) disks.push(await writeDisk(vault, session, "vda", sourceOf(DISK)));
  const about = { taken_at: "2026-01-01T00:00:00.000Z", labels: {}, description: null };
  for (const [index, session] of sessions.entries())
    await session.commit({ ...about, disks: disks.slice(index, index + 1) });
  const [disk] = disks;
  if (!disk) throw new RangeError("a disk has one writer or more");
  return disk;
}

async function packFiles(): Promise<string[]> {
  const entries = await readdir(join(folder, "tenants"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.parentPath.includes("/packs/"))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Flips a bit of the first chunk in a pack. */
async function damage(pack: string): Promise<void> {
  await using file = await open(pack, "r+");
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 20);
  await file.write(Buffer.from([buffer.readUInt8() ^ 1]), 0, 1, 20);
}

test("a disk is copied from pack files to a file, and its end and its holes are where they were", async () => {
  const disk = await writeBy(1);
  const path = join(root, "whole.raw");
  await exportRaw(vault, disk, path);
  expect((await readFile(path)).equals(DISK)).toBe(true);
});

test("chunks of a run that are damaged or gone are taken from their second copies", async () => {
  const disk = await writeBy(2);
  const packs = await packFiles();
  for (const [index, pack] of packs.entries()) {
    const sound = await readFile(pack);
    const path = join(root, `mended-${index}.raw`);
    await damage(pack);
    await exportRaw(vault, disk, path);
    expect((await readFile(path)).equals(DISK)).toBe(true);
    await rm(pack);
    await rm(path);
    await exportRaw(vault, disk, path);
    expect((await readFile(path)).equals(DISK)).toBe(true);
    await using file = await open(pack, "wx");
    await file.write(sound);
  }
});

test("a damaged chunk that has no second copy ends the export, and its pack is named", async () => {
  const disk = await writeBy(1);
  for (const [index, pack] of (await packFiles()).entries()) {
    await damage(pack);
    const name = pack.slice(pack.indexOf("/packs/") + 1);
    await expect(exportRaw(vault, disk, join(root, `damaged-${index}.raw`))).rejects.toThrow(name);
    await damage(pack); // twice is not at all
  }
});
