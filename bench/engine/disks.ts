import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const MIB = 1024 * 1024;
const BLOCK_BYTES = 4096;

/** Where the contents of the first disk come from: program text, libraries, documents, as on any server. */
const CONTENT = ["/usr/lib", "/usr/bin", "/usr/share", "/usr/include", "/usr/sbin"];
/** The rest is free space. */
const FULL_SHARE = 0.58;
const MAX_FILE_BYTES = 64 * MIB;

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
function drawer(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** D1: an ext4 file system with files of this machine, 40 % free. */
export async function makeFirstDisk(path: string, size_bytes: number): Promise<void> {
  const staging = `${path}.files`;
  try {
    stageFiles(staging, size_bytes * FULL_SHARE);
    await run("/sbin/mke2fs", [
      "-q",
      "-t",
      "ext4",
      "-d",
      staging,
      "-b",
      `${BLOCK_BYTES}`,
      path,
      `${size_bytes / 1024}k`,
    ]);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Copies files, in an order that mixes small and large, text and programs, until there are so many bytes. */
function stageFiles(to: string, wanted_bytes: number): void {
  const draw = drawer(1);
  const found = CONTENT.flatMap((folder) => filesBelow(folder)).map((path) => ({ path, order: draw() }));
  let left = wanted_bytes;
  for (const { path } of found.toSorted((a, b) => a.order - b.order)) {
    const { size } = statSync(path);
    if (size === 0 || size > Math.min(left, MAX_FILE_BYTES)) continue;
    mkdirSync(join(to, dirname(path)), { recursive: true });
    cpSync(path, join(to, path));
    left -= Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (left < BLOCK_BYTES) return;
  }
  throw new Error(`${CONTENT.join(", ")} hold too little for this disk: ask for one with a smaller --size`);
}

/** Regular files, in the order of their names; links lead nowhere. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** How servers change: many small places near each other. At 1 MiB chunks about every ninth chunk of the disk differs. */
const CHANGED_SHARE = 0.02;
const RUNS_PER_PLACE = 6;
const PLACE_BYTES = MIB / 2;
const MAX_RUN_BLOCKS = 19;

/** D2: D1 with 2 % of its 4 KiB blocks replaced by others of its own. */
export async function makeChangedDisk(from: string, path: string): Promise<void> {
  await run("cp", ["--sparse=always", from, path]);
  const { size } = statSync(path);
  const draw = drawer(2);
  await using disk = await open(path, "r+");
  for (let left = (size * CHANGED_SHARE) / BLOCK_BYTES; left > 0; ) {
    const place = draw() * (size - 2 * PLACE_BYTES);
    for (let runs = 0; runs < RUNS_PER_PLACE; runs++) {
      const blocks = 1 + Math.floor(draw() * MAX_RUN_BLOCKS);
      const to = Math.floor((place + draw() * PLACE_BYTES) / BLOCK_BYTES);
      await replaceBlocks(disk, to, Math.floor((draw() * size) / BLOCK_BYTES) - MAX_RUN_BLOCKS, blocks);
      left -= blocks;
    }
  }
}

async function replaceBlocks(disk: FileHandle, to: number, from: number, blocks: number): Promise<void> {
  const bytes = Buffer.alloc(blocks * BLOCK_BYTES);
  await disk.read(bytes, 0, bytes.length, Math.max(from, 0) * BLOCK_BYTES);
  for (let block = 0; block < blocks; block++) bytes.writeUInt32LE(to + block, block * BLOCK_BYTES);
  await disk.write(bytes, 0, bytes.length, to * BLOCK_BYTES);
}

const STRIPE_BYTES = 16 * MIB;
export const SPARSE_BYTES = 1024 ** 4;

/** A disk of another size that holds what D1 holds, in stripes far from each other with holes between them. */
export async function makeSparseDisk(from: string, path: string, size_bytes: number): Promise<void> {
  await using source = await open(from, "r");
  await using target = await open(path, "wx");
  const { size } = await source.stat();
  const apart = Math.floor(size_bytes / (size / STRIPE_BYTES) / STRIPE_BYTES) * STRIPE_BYTES;
  const bytes = Buffer.alloc(MIB);
  const zeros = Buffer.alloc(MIB);
  for (let at = 0; at < size; at += MIB) {
    await source.read(bytes, 0, MIB, at);
    const to = Math.floor(at / STRIPE_BYTES) * apart + (at % STRIPE_BYTES);
    if (!bytes.equals(zeros)) await target.write(bytes, 0, MIB, to);
  }
  await target.truncate(size_bytes);
}
