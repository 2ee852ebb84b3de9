import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { UnfinishedObject } from "./storage.ts";

/** Begins with what no name begins with, so that a put that died is never listed. */
export const UNFINISHED = "_unfinished-";

export type UnfinishedFile = UnfinishedObject & { readonly handle: FileHandle };

/**
 * Begins a file beside its place. It is synced and renamed into it when it is finished, and its folder is synced, too, so that what
 * was put outlives a power cut.
 *
 * @param durable false leaves the syncing out
 */
export async function beginUnfinished(place: string, durable: boolean): Promise<UnfinishedFile> {
  const folder = dirname(place);
  const made = await mkdir(folder, { recursive: true });
  const path = join(folder, `${UNFINISHED}${randomUUID()}`);
  const handle = await open(path, "wx");
  const drop = async () => {
    await handle.close();
    await rm(path, { force: true });
  };
  return {
    handle,
    fd: handle.fd,
    drop,
    async finish() {
      try {
        if (durable) await handle.sync();
        await rename(path, place);
      } catch (error) {
        await drop();
        throw error;
      }
      await handle.close();
      if (durable) await syncFolders(folder, made ? dirname(made) : folder);
    },
  };
}

/** Syncs a folder and those above it, up to the one in which the first new folder was made. */
async function syncFolders(folder: string, top: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    await using handle = await open(at, "r");
    await handle.sync();
    if (at === top || at === dirname(at)) return;
  }
}
