import { closeSync, openSync, readSync, writeSync, writevSync } from "node:fs";

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

/** Reads files by their paths. The one that was read last stays open: what is read next is often in it, too. */
export class PathReader {
  #open: { readonly path: string; readonly fd: number } | undefined;

  read(into: Buffer, { path, offset_bytes }: PathPlace): "read" | "short" | "missing" {
    const fd = this.#fdOf(path);
    if (fd === undefined) return "missing";
    return readPlace(into, { fd, offset_bytes }) ? "read" : "short";
  }

  [Symbol.dispose](): void {
    if (this.#open) closeSync(this.#open.fd);
    this.#open = undefined;
  }

  /** Undefined when there is no such file. */
  #fdOf(path: string): number | undefined {
    if (this.#open?.path === path) return this.#open.fd;
    this[Symbol.dispose]();
    try {
      this.#open = { path, fd: openSync(path, "r") };
      return this.#open.fd;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }
}

export function writePlace(bytes: Buffer, { fd, offset_bytes }: FilePlace): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, offset_bytes + done);
}

/** The same with pieces, one behind the other. */
export function writePieces(pieces: readonly Buffer[], { fd, offset_bytes }: FilePlace): void {
  const written = writevSync(fd, pieces, offset_bytes);
  let end = 0;
  for (const piece of pieces) {
    end += piece.length;
    const left = Math.min(end - written, piece.length); // a disk that is nearly full takes a part
    if (left > 0)
      writePlace(piece.subarray(piece.length - left), { fd, offset_bytes: offset_bytes + end - left });
  }
}
