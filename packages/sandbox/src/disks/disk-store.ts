import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BadQcow2, readQcow2, readQcow2Header } from "./qcow2-read.ts";
import { writeQcow2 } from "./qcow2-write.ts";
import { copySparse } from "./sparse-copy.ts";

export const GIB = 2 ** 30;

/**
 * Bytes on disk of one GiB of the API. Disks are scaled down so that a demo's volumes can be hashed, copied and
 * moved in well under a second each; ratios stay, and an image with a larger disk still gets all of its bytes.
 */
const DISK_BYTES_PER_GIB = 2 ** 26;

/** Formats whose bytes the sandbox can turn into a disk and back. */
export const READABLE_FORMATS = ["raw", "qcow2"];

/** The site's storage: every volume, snapshot, root disk and image is one file, sparse where it can be. */
export class DiskStore {
  readonly dir: string;
  readonly bytes_per_gib: number;

  constructor(dir: string, bytes_per_gib = DISK_BYTES_PER_GIB) {
    this.dir = dir;
    this.bytes_per_gib = bytes_per_gib;
  }

  async open(): Promise<void> {
    for (const kind of ["volumes", "snapshots", "backups", "servers", "images"]) {
      await mkdir(join(this.dir, kind), { recursive: true });
    }
  }

  volume(id: string): string {
    return join(this.dir, "volumes", `${id}.raw`);
  }

  snapshot(id: string): string {
    return join(this.dir, "snapshots", `${id}.raw`);
  }

  backup(id: string): string {
    return join(this.dir, "backups", `${id}.raw`);
  }

  root(server_id: string): string {
    return join(this.dir, "servers", `${server_id}-root.raw`);
  }

  image(id: string): string {
    return join(this.dir, "images", id);
  }

  async createBlank(path: string, size_gib: number): Promise<void> {
    await using file = await open(path, "w");
    await file.truncate(size_gib * this.bytes_per_gib);
  }

  async grow(path: string, size_gib: number): Promise<void> {
    await using file = await open(path, "r+");
    const { size } = await file.stat();
    await file.truncate(Math.max(size, size_gib * this.bytes_per_gib));
  }

  /** Copies a disk into one of at least that size. */
  async copy(from: string, to: string, size_gib = 0): Promise<void> {
    await copySparse(from, to, Math.max(await this.sizeOf(from), size_gib * this.bytes_per_gib));
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  async sizeOf(path: string): Promise<number> {
    return (await stat(path)).size;
  }

  async exists(path: string): Promise<boolean> {
    return stat(path).then(
      () => true,
      () => false,
    );
  }

  /**
   * Makes a disk of an image's bytes.
   * @throws Error when the format cannot be read or the image's disk is larger than `size_gib`
   */
  async decode(image_path: string, disk_format: string | null, to: string, size_gib: number): Promise<void> {
    const needed = await this.virtualSize(image_path, disk_format);
    if (needed > size_gib * GIB) {
      throw new Error(`the image holds a disk of ${needed} bytes, but the disk has ${size_gib * GIB}`);
    }
    const size_bytes = Math.max(needed, size_gib * this.bytes_per_gib);
    if (disk_format === "qcow2") await readQcow2(image_path, to, size_bytes);
    else await copySparse(image_path, to, size_bytes);
  }

  /** Writes a disk as an image of the format. */
  async encode(disk_path: string, disk_format: string, to: string): Promise<void> {
    if (disk_format === "qcow2") await writeQcow2(disk_path, to);
    else await copySparse(disk_path, to);
  }

  async virtualSize(image_path: string, disk_format: string | null): Promise<number> {
    await using file = await open(image_path, "r");
    if (disk_format === "qcow2") {
      const header = await readQcow2Header(file);
      if (header === undefined) throw new BadQcow2("the image says qcow2, but its bytes are none");
      return header.virtual_bytes;
    }
    if (disk_format !== "raw") throw new Error(`disks of format ${disk_format} cannot be read`);
    return (await file.stat()).size;
  }
}
