import { constants } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { TransferFailure } from "../failure.ts";

const SECTOR_BYTES = 512;

/** What is at a path: a file, or a block device. */
export interface OpenedFile {
  readonly file: FileHandle;
  readonly size_bytes: number;
  readonly is_device: boolean;
}

/** Opens a file or a block device. A device that is in use, mounted for one, is refused for writing. */
export async function openFile(
  path: string,
  kind: "source" | "target",
  mode: "read" | "write",
): Promise<OpenedFile> {
  const { O_RDONLY, O_RDWR, O_EXCL } = constants;
  let file = await open(path, mode === "read" ? O_RDONLY : O_RDWR);
  try {
    const stats = await file.stat();
    if (stats.isFile()) return { file, size_bytes: stats.size, is_device: false };
    if (!stats.isBlockDevice())
      throw new TransferFailure(kind, "invalid-input", `${path} is neither a file nor a block device.`);
    if (mode === "write") {
      // Linux: O_EXCL without O_CREAT means "nobody else has mounted or claimed the device".
      await file.close();
      file = await open(path, O_RDWR | O_EXCL);
    }
    return { file, size_bytes: await deviceSize(stats.rdev), is_device: true };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** `stat` says 0 for block devices; the kernel says it in sectors. */
async function deviceSize(rdev: number): Promise<number> {
  const major = (rdev >> 8) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >> 12) & 0xfff00);
  return Number(await readFile(`/sys/dev/block/${major}:${minor}/size`, "utf8")) * SECTOR_BYTES;
}
