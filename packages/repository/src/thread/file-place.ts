import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** A place in an open file. */
export interface FilePlace {
  readonly fd: number;
  readonly offset_bytes: number;
}

/** A place in a file that is opened for each look, and may be gone by then. */
export interface PathPlace {
  readonly path: string;
  readonly offset_bytes: number;
}

/** Fills a buffer from a file; answers whether the file has that much. */
export function readPlace(into: Buffer, { fd, offset_bytes }: FilePlace): boolean {
  for (let done = 0; done < into.length; ) {
    const read = readSync(fd, into, done, into.length - done, offset_bytes + done);
    if (read === 0) return false;
    done += read;
  }
  return true;
}

/** The same of a file by its path. */
export function readPath(into: Buffer, { path, offset_bytes }: PathPlace): "read" | "short" | "missing" {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "missing";
    throw error;
  }
  try {
    return readPlace(into, { fd, offset_bytes }) ? "read" : "short";
  } finally {
    closeSync(fd);
  }
}

export function writePlace(bytes: Buffer, { fd, offset_bytes }: FilePlace): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, offset_bytes + done);
}
