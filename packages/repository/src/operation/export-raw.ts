import { open } from "node:fs/promises";
import type { DiskManifest } from "../point/recovery-point.ts";
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
  await readDisk(
    vault,
    disk,
    {
      async write(bytes, offset_bytes) {
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, offset_bytes + done)).bytesWritten;
      },
    },
    options,
  );
  await file.sync();
}
