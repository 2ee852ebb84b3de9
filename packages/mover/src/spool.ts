import { hash } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

export const CHUNK_BYTES = 1_048_576;
const DIGEST_BYTES = 32;
export const ZEROS = Buffer.alloc(CHUNK_BYTES);
const ZERO_DIGEST = digestOf(ZEROS);

/** Whose bytes the spool holds; those of another source are of no use. */
const Label = z.object({ source: z.string(), size_bytes: z.int().nullable() });

/** A chunk of the spool: its place, and the digest of what the source sent. */
export interface SpooledChunk {
  readonly index: number;
  readonly length: number;
  readonly digest: Buffer;
  /** Nothing but zeros: not on disk. */
  readonly zero: boolean;
}

export function digestOf(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}

/**
 * What was read from the source so far, on disk, so that an upload can begin anew without reading the source again.
 *
 *     label.json   whose bytes these are
 *     digests      SHA-256 of every chunk in order, 32 bytes each; its length says how far the spool goes
 *     data         the chunks at their offsets; chunks of zeros are holes
 *
 * A chunk is written before its digest, and nothing is synced: after a power cut the digest finds what is missing.
 */
export class Spool {
  readonly dir: string;
  readonly #data: FileHandle;
  readonly #digests: FileHandle;
  #known: Buffer;
  #label: z.infer<typeof Label>;
  #count: number;
  #zero_bytes = 0;
  #watchers = new Set<() => void>();

  private constructor(
    dir: string,
    data: FileHandle,
    digests: FileHandle,
    known: Buffer,
    label: z.infer<typeof Label>,
  ) {
    this.dir = dir;
    this.#data = data;
    this.#digests = digests;
    this.#label = label;
    this.#count = Math.floor(known.length / DIGEST_BYTES);
    this.#known = known;
    for (let index = 0; index < this.#count; index++) {
      if (this.#isZero(index)) this.#zero_bytes += this.#lengthOf(index);
    }
  }

  /** Opens what an earlier mover left, or begins anew where it is of another source. */
  static async open(dir: string, source: string): Promise<Spool> {
    let label = await readLabel(dir);
    if (label?.source !== source) {
      await rm(dir, { recursive: true, force: true });
      label = { source, size_bytes: null };
    }
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeLabel(dir, label);
    const data = await openForBoth(join(dir, "data"));
    const digests = await openForBoth(join(dir, "digests"));
    return new Spool(dir, data, digests, await digests.readFile(), label);
  }

  get size_bytes(): number | null {
    return this.#label.size_bytes;
  }

  get count(): number {
    return this.#count;
  }

  get zero_bytes(): number {
    return this.#zero_bytes;
  }

  /** How far the source has been read. */
  get length_bytes(): number {
    const length = this.#count * CHUNK_BYTES;
    return this.size_bytes === null ? length : Math.min(length, this.size_bytes);
  }

  get complete(): boolean {
    return this.size_bytes !== null && this.length_bytes === this.size_bytes;
  }

  /** Notes the size as soon as the source says it, or has ended. */
  async setSize(size_bytes: number): Promise<void> {
    if (this.size_bytes === size_bytes) return;
    this.#label = { ...this.#label, size_bytes };
    await writeLabel(this.dir, this.#label);
    this.#tell();
  }

  /** Keeps the next chunk; all are `CHUNK_BYTES` long but the last. */
  async append(bytes: Uint8Array): Promise<void> {
    const index = this.#count;
    const digest = digestOf(bytes);
    const zero = ZEROS.subarray(0, bytes.length).equals(bytes);
    if (!zero) await writeAll(this.#data, bytes, index * CHUNK_BYTES);
    await writeAll(this.#digests, digest, index * DIGEST_BYTES);
    if (this.#known.length < (index + 1) * DIGEST_BYTES) this.#known = grown(this.#known);
    digest.copy(this.#known, index * DIGEST_BYTES);
    this.#count = index + 1;
    if (zero) this.#zero_bytes += bytes.length;
    this.#tell();
  }

  /** Puts bytes that were read from the source again in the place of those that the disk spoiled. */
  async repair(chunk: SpooledChunk, bytes: Uint8Array): Promise<void> {
    await writeAll(this.#data, bytes, chunk.index * CHUNK_BYTES);
  }

  chunk(index: number): SpooledChunk {
    const at = index * DIGEST_BYTES;
    const digest = Buffer.from(this.#known.subarray(at, at + DIGEST_BYTES));
    return { index, length: this.#lengthOf(index), digest, zero: this.#isZero(index) };
  }

  /** Reads a chunk as the disk has it now; the caller compares the digest. A short file reads as zeros. */
  async read(chunk: SpooledChunk, into: Buffer): Promise<void> {
    let done = 0;
    while (done < chunk.length) {
      const { bytesRead } = await this.#data.read(
        into,
        done,
        chunk.length - done,
        chunk.index * CHUNK_BYTES + done,
      );
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    into.fill(0, done, chunk.length);
  }

  /** Waits until the chunk is there (true), or is known to be beyond the end (false). */
  async has(index: number, signal: AbortSignal): Promise<boolean> {
    while (index >= this.#count) {
      if (this.complete) return false;
      await this.#change(signal);
    }
    return true;
  }

  /** Waits until the size is known. */
  async knownSize(signal: AbortSignal): Promise<number> {
    while (this.size_bytes === null) await this.#change(signal);
    return this.size_bytes;
  }

  async close(): Promise<void> {
    await this.#data.close();
    await this.#digests.close();
  }

  #lengthOf(index: number): number {
    const left = (this.size_bytes ?? Number.MAX_SAFE_INTEGER) - index * CHUNK_BYTES;
    return Math.min(CHUNK_BYTES, left);
  }

  #isZero(index: number): boolean {
    const digest = this.#known.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
    const length = this.#lengthOf(index);
    return digest.equals(length === CHUNK_BYTES ? ZERO_DIGEST : digestOf(ZEROS.subarray(0, length)));
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = new Set();
    for (const wake of watchers) wake();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const abort = () => {
        this.#watchers.delete(wake);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#watchers.add(wake);
    });
  }
}

async function readLabel(dir: string): Promise<z.infer<typeof Label> | undefined> {
  try {
    return Label.parse(JSON.parse(await readFile(join(dir, "label.json"), "utf8")));
  } catch {
    return undefined; // none, or torn: the spool begins anew
  }
}

async function writeLabel(dir: string, label: z.infer<typeof Label>): Promise<void> {
  const path = join(dir, "label.json");
  await writeFile(`${path}.new`, JSON.stringify(label), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** "a+" would append whatever the offset; "r+" does not create. */
async function openForBoth(path: string): Promise<FileHandle> {
  await (await open(path, "a", 0o600)).close();
  return await open(path, "r+");
}

/** `write` may write less than it was given. */
async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

function grown(buffer: Buffer): Buffer {
  const bigger = Buffer.alloc(Math.max(DIGEST_BYTES * 1024, buffer.length * 2));
  buffer.copy(bigger);
  return bigger;
}
