import { open } from "node:fs/promises";
import { fileExtents } from "@uniview/repository";
import { writeAllAt } from "@uniview/repository/operation/export-raw";
import { TransferFailure } from "../failure.ts";
import { type OpenedFile, openFile } from "./file-size.ts";
import type { SourceDisk, TargetDisk } from "./target-disk.ts";

const ZEROS = Buffer.alloc(1_048_576);

/** A raw file or a block device, to be read. Holes of a file are known and not read. */
export async function openRawSource(path: string): Promise<SourceDisk> {
  const { file, size_bytes, is_device } = await openFile(path, "source", "read");
  return {
    size_bytes,
    fd: file.fd,
    ...(is_device ? {} : { extents: fileExtents(path, "raw", size_bytes) }),
    read: (into, offset_bytes) => readFully(file, into, offset_bytes, path),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/**
 * A raw file or a block device, to be written. A file that is not there, or that is empty, is made, sparse; what is there must be large
 * enough: a device may be larger than the disk, and keeps what it has behind it.
 */
export async function openRawTarget(path: string, size_bytes: number): Promise<TargetDisk> {
  const opened = (await createFile(path)) ?? (await openFile(path, "target", "write"));
  const { file } = opened;
  // also one that is there: so it is left by who was killed between making it and giving it its size
  const blank = !opened.is_device && opened.size_bytes === 0;
  try {
    if (blank) await file.truncate(size_bytes);
    else checkRoom(path, opened, size_bytes);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    size_bytes: blank ? size_bytes : opened.size_bytes,
    blank,
    fd: file.fd,
    read: (into, offset_bytes) => readFully(file, into, offset_bytes, path),
    write: (bytes, offset_bytes) => writeAllAt(file, bytes, offset_bytes),
    async zero(offset_bytes, length_bytes) {
      // Node punches no holes: at least zeros that are there already are not written again, so holes stay holes.
      const part = Buffer.allocUnsafe(Math.min(length_bytes, ZEROS.length));
      for (let done = 0; done < length_bytes; done += part.length) {
        const bytes = part.subarray(0, length_bytes - done);
        const zeros = ZEROS.subarray(0, bytes.length);
        await readFully(file, bytes, offset_bytes + done, path);
        if (!bytes.equals(zeros)) await writeAllAt(file, zeros, offset_bytes + done);
      }
    },
    sync: () => file.sync(),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/** Undefined when there is one already. */
async function createFile(path: string): Promise<OpenedFile | undefined> {
  try {
    return { file: await open(path, "wx+", 0o600), size_bytes: 0, is_device: false };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
}

function checkRoom(path: string, { size_bytes, is_device }: OpenedFile, wanted: number): void {
  if (is_device ? size_bytes >= wanted : size_bytes === wanted) return;
  throw new TransferFailure(
    "target",
    "invalid-input",
    `${path} has ${size_bytes} bytes, but the disk has ${wanted}; use ${is_device ? "a larger device" : "a file of that size, or a new one"}.`,
  );
}

async function readFully(
  file: OpenedFile["file"],
  into: Buffer,
  offset: number,
  path: string,
): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, offset + done);
    if (bytesRead === 0) throw new Error(`${path} ends at byte ${offset + done}`);
    done += bytesRead;
  }
}
