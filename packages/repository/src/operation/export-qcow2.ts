import { type FileHandle, open, rm } from "node:fs/promises";
import type { DiskManifest } from "../point/recovery-point.ts";
import type { Vault } from "../vault.ts";
import { openPointDisk } from "./disk-source-point.ts";
import { Qcow2Layout } from "./export-qcow2-layout.ts";
import { writeAllAt } from "./export-raw.ts";
import { type ReadOptions, readDisk } from "./read-disk.ts";

/**
 * Writes a disk to a new qcow2 file that has no clusters where the disk is zeros. The file is synced when this resolves, and gone
 * when it rejects; needs no qemu.
 */
export async function exportQcow2(
  vault: Vault,
  disk: DiskManifest,
  path: string,
  options: ReadOptions = {},
): Promise<void> {
  const layout = await layoutOf(vault, disk);
  await using file = await open(path, "wx");
  try {
    await file.truncate(layout.file_bytes);
    await readDisk(
      vault,
      disk,
      { write: (bytes, offset) => writeClusters(file, layout, bytes, offset) },
      options,
    );
    await writeHead(file, layout);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function layoutOf(vault: Vault, disk: DiskManifest): Promise<Qcow2Layout> {
  await using source = await openPointDisk(vault, disk);
  return await Qcow2Layout.of(disk.size_bytes, source.extents);
}

/** Chunks and clusters are powers of two: a chunk is in one cluster, or in some that follow each other. */
async function writeClusters(
  file: FileHandle,
  layout: Qcow2Layout,
  bytes: Buffer,
  offset: number,
): Promise<void> {
  const place = layout.placeOf(offset);
  if (place === undefined) throw new RangeError(`the layout has no cluster for byte ${offset}`);
  await writeAllAt(file, bytes, place);
}

/** Comes last: until then the file is no qcow2, and nobody takes it for a whole one. */
async function writeHead(file: FileHandle, layout: Qcow2Layout): Promise<void> {
  let at = 0;
  for (const cluster of layout.head()) {
    await writeAllAt(file, cluster, at);
    at += cluster.length;
  }
}
