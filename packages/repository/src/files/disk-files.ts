import { mkdir, open, rm, stat, utimes } from "node:fs/promises";
import { join, posix, resolve } from "node:path";
import type { DiskManifest } from "../point/recovery-point.ts";
import type { Vault } from "../vault.ts";
import { type LendOptions, lendImage } from "./lend-image.ts";
import { type DiskPart, deviceOf, type FileEntry, parseEntries, parseParts } from "./listing.ts";
import { runGrub, ToolFailed } from "./run-tool.ts";

/** No filesystem nests deeper, but a damaged one may go round in circles. */
const MAX_DEPTH = 256;

export interface Restored {
  readonly files: number;
  readonly bytes: number;
}

/** The files of a disk of a recovery point. Close it after use: it may hold an export. */
export interface DiskFiles extends AsyncDisposable {
  /** Whether only what is looked at comes out of the repository. */
  readonly lazy: boolean;
  parts(): Promise<DiskPart[]>;
  /**
   * What is in a folder, hidden files too, by name; `/` is the part's root. Links are shown as what they name, and left out where
   * that is no file. @throws ToolFailed when there is no such part or folder
   */
  list(part: string, folder: string): Promise<FileEntry[]>;
  /**
   * Restores a file, or a folder with all in it, to a path that is not there yet. Contents and times, not owners and rights: those are
   * for who puts the files into their place. @throws ToolFailed; what was restored until then is there
   */
  restore(part: string, path: string, to: string): Promise<Restored>;
}

/** Opens the files of a disk: no mount of its filesystems, no root, nothing of the disk runs. */
export async function openDiskFiles(
  vault: Vault,
  disk: DiskManifest,
  options: LendOptions = {},
): Promise<DiskFiles> {
  const { signal } = options;
  const image = await lendImage(vault, disk, options);
  const grub = (...args: string[]) => runGrub(image.path, args, signal);

  const list = async (part: string, folder: string): Promise<FileEntry[]> => {
    const path = absolute(folder);
    const entries = parseEntries(
      await grub("ls", "--", "-l", "-a", `${deviceOf(part)}${path === "/" ? "" : path}/`),
    );
    // Of what is not there grub says as much as of what is empty.
    if (entries.length === 0) await checkFolder(part, path);
    return entries.toSorted((a, b) => a.name.localeCompare(b.name));
  };

  const checkFolder = async (part: string, path: string): Promise<void> => {
    if (path !== "/") {
      const { kind } = await find(part, path);
      if (kind !== "folder") throw new ToolFailed(`${path} on ${part} is a file, not a folder.`);
      return;
    }
    const known = parseParts(await grub("ls", "--", "-l"));
    const found = known.find(({ name }) => name === part);
    if (!found)
      throw new ToolFailed(
        `The disk has no part ${part}: it has ${known.map(({ name }) => name).join(", ")}.`,
      );
    if (!found.filesystem)
      throw new ToolFailed(`Part ${part} has no filesystem that can be read; it may be encrypted, or swap.`);
  };

  const find = async (part: string, path: string): Promise<FileEntry> => {
    const name = posix.basename(path);
    const found = (await list(part, posix.dirname(path))).find((entry) => entry.name === name);
    if (!found) throw new ToolFailed(`There is no ${path} on ${part}.`);
    return found;
  };

  const restoreFile = async (part: string, path: string, entry: FileEntry, to: string): Promise<Restored> => {
    await (await open(to, "wx")).close(); // overwrites nothing
    try {
      await grub("cp", `${deviceOf(part)}${path}`, to);
      const { size } = await stat(to);
      if (size !== entry.size_bytes)
        throw new ToolFailed(`${path} has ${entry.size_bytes} bytes, but only ${size} could be read.`);
      if (entry.modified_at) await utimes(to, new Date(entry.modified_at), new Date(entry.modified_at));
      return { files: 1, bytes: size };
    } catch (error) {
      await rm(to, { force: true });
      throw error;
    }
  };

  const restoreFolder = async (part: string, path: string, to: string, depth: number): Promise<Restored> => {
    if (depth > MAX_DEPTH)
      throw new ToolFailed(`${path} on ${part} is nested too deeply: the filesystem is damaged.`);
    await mkdir(to);
    let files = 0;
    let bytes = 0;
    for (const entry of await list(part, path)) {
      signal?.throwIfAborted();
      if (entry.name.includes("/"))
        throw new ToolFailed(`${path} on ${part} has a name that is none: the filesystem is damaged.`);
      const from = posix.join(path, entry.name);
      const there = join(to, entry.name);
      const restored =
        entry.kind === "folder"
          ? await restoreFolder(part, from, there, depth + 1)
          : await restoreFile(part, from, entry, there);
      files += restored.files;
      bytes += restored.bytes;
    }
    return { files, bytes };
  };

  return {
    lazy: image.lazy,
    parts: async () => parseParts(await grub("ls", "--", "-l")),
    list,
    async restore(part, path, to) {
      const from = absolute(path);
      const target = resolve(to);
      if (from === "/") return await restoreFolder(part, from, target, 0);
      const entry = await find(part, from);
      return entry.kind === "folder"
        ? await restoreFolder(part, from, target, 0)
        : await restoreFile(part, from, entry, target);
    },
    [Symbol.asyncDispose]: () => image[Symbol.asyncDispose](),
  };
}

/** From the root, without `.` and `..`. */
function absolute(path: string): string {
  return posix.normalize(`/${path}`).replace(/(.)\/$/, "$1");
}
