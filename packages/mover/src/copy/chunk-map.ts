import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { HashName } from "@uniview/repository/chunk/chunk-hash";
import { writeAllAt } from "@uniview/repository/operation/export-raw";
import { DIGEST_BYTES, NO_DIGEST } from "./digest.ts";

/** Entries that are written to the file at once. */
const PAGE_ENTRIES = 1024;
/** A killed mover has forgotten what it did since then. */
const FLUSH_MS = 200;

/** Stands behind the digests when they are BLAKE3; nothing stands there when they are SHA-256. */
const BLAKE3_MARK = Buffer.alloc(DIGEST_BYTES, "blake3");

/**
 * The digests of a disk's chunks, as far as they are known: in memory and in a file, so that a transfer goes on where a killed
 * mover stopped. 32 bytes a chunk: 64 MiB for a disk of 2 TB. What the file says is true: a chunk is written before its digest is
 * noted, and forgotten before it is overwritten. Nothing is synced: after a power cut the verification finds what is missing.
 */
export class ChunkMap implements AsyncDisposable {
  readonly chunks: number;
  readonly #digests: Buffer;
  readonly #file: FileHandle;
  readonly #dirty = new Set<number>();
  #later: NodeJS.Timeout | undefined;
  /** One write at a time: of two under way nobody knows which comes last. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, digests: Buffer) {
    this.#file = file;
    this.#digests = digests;
    this.chunks = digests.length / DIGEST_BYTES - 1;
  }

  /** Opens what an earlier mover left, or begins anew. */
  static async open(path: string, chunks: number): Promise<ChunkMap> {
    await (await open(path, "a", 0o600)).close(); // "r+" does not create
    const file = await open(path, "r+");
    const digests = Buffer.alloc((chunks + 1) * DIGEST_BYTES);
    for (let done = 0; done < digests.length; ) {
      const { bytesRead } = await file.read(digests, done, digests.length - done, done);
      if (bytesRead === 0) break; // not noted yet
      done += bytesRead;
    }
    return new ChunkMap(file, digests);
  }

  /** What the digests are made by. */
  get hash(): HashName {
    return this.#at(this.chunks).equals(BLAKE3_MARK) ? "blake3" : "sha256";
  }

  /** Digests made by another hash than this are forgotten. Resolves when a later mover knows it, too. */
  async useHash(hash: HashName): Promise<void> {
    if (hash === this.hash) return;
    for (let chunk = 0; chunk < this.chunks; chunk++) this.note(chunk, NO_DIGEST);
    this.note(this.chunks, hash === "blake3" ? BLAKE3_MARK : NO_DIGEST);
    await this.flush();
  }

  /** A view: good until the chunk is noted again. */
  get(chunk: number): Buffer | undefined {
    const digest = this.#at(chunk);
    return digest.equals(NO_DIGEST) ? undefined : digest;
  }

  note(chunk: number, digest: Buffer): void {
    if (digest.equals(this.#at(chunk))) return;
    digest.copy(this.#digests, chunk * DIGEST_BYTES);
    this.#dirty.add(Math.floor(chunk / PAGE_ENTRIES));
    this.#later ??= setTimeout(() => void this.flush().catch(() => {}), FLUSH_MS).unref(); // told by the next flush
  }

  /** When this resolves nobody finds the digest any more, a later mover neither. */
  async forget(chunk: number): Promise<void> {
    if (this.#at(chunk).equals(NO_DIGEST)) return;
    this.note(chunk, NO_DIGEST);
    await this.flush();
  }

  /** How many chunks have no digest yet. */
  missing(): number {
    let missing = 0;
    for (let chunk = 0; chunk < this.chunks; chunk++) if (!this.get(chunk)) missing++;
    return missing;
  }

  /** One digest of all: two disks with the same are the same. */
  chain(): Buffer {
    return createHash("sha256")
      .update(this.#digests.subarray(0, this.chunks * DIGEST_BYTES))
      .digest();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  /** Resolves when a later mover knows all that was noted. */
  flush(): Promise<void> {
    clearTimeout(this.#later);
    this.#later = undefined;
    const flushed = this.#writing.then(() => this.#writeDirty());
    this.#writing = flushed.catch(() => {});
    return flushed;
  }

  async #writeDirty(): Promise<void> {
    for (const page of [...this.#dirty]) {
      this.#dirty.delete(page);
      const from = page * PAGE_ENTRIES * DIGEST_BYTES;
      const bytes = this.#digests.subarray(from, from + PAGE_ENTRIES * DIGEST_BYTES);
      try {
        await writeAllAt(this.#file, bytes, from);
      } catch (error) {
        this.#dirty.add(page);
        throw error;
      }
    }
  }

  #at(chunk: number): Buffer {
    return this.#digests.subarray(chunk * DIGEST_BYTES, (chunk + 1) * DIGEST_BYTES);
  }
}
