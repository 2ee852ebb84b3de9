import { type FileHandle, open } from "node:fs/promises";
import type { DiskManifest } from "../point/recovery-point.ts";
import { isNear } from "../storage/near-files.ts";
import type { Vault } from "../vault.ts";
import { type ReadOptions, readDisk } from "./read-disk.ts";

/** Writes a disk to a new raw file, with holes where it is zeros. The file is synced when this resolves. */
export async function exportRaw(
  vault: Vault,
  disk: DiskManifest,
  path: string,
  options: ReadOptions = {},
): Promise<void> {
  await using file = await open(path, "wx");
  await file.truncate(disk.size_bytes);
  const target = { write: (bytes: Buffer, offset: number) => writeAllAt(file, bytes, offset) };
  await readDisk(vault, disk, isNear(path) ? { ...target, fd: file.fd } : target, options);
  await file.sync();
}

/** `write` may write less than it was given. */
export async function writeAllAt(file: FileHandle, bytes: Uint8Array, offset_bytes: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, offset_bytes + done)).bytesWritten;
}
