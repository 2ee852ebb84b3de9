import { rename, rm } from "node:fs/promises";
import type { DiskManifest, Vault } from "@uniview/repository";
import type { Cli } from "../cli.ts";
import { byteScreen } from "./byte-screen.ts";
import type { Engine } from "./open-place.ts";

export type DiskFormat = "raw" | "qcow2";

/** Until a file is whole it has this at its end, so that nobody takes half a disk for one. */
const UNFINISHED = ".unfinished";

interface Restoring {
  readonly path: string;
  readonly format: DiskFormat;
  /** Compare every chunk's digest with its id, too. */
  readonly digests: boolean;
}

/**
 * Writes a disk to a new file. Where the indexes are lost or damaged, they are made anew in memory first: a rescue needs
 * nothing but packs, points and the key.
 */
export async function restoreDisk(
  cli: Cli,
  engine: Engine,
  vault: Vault,
  disk: DiskManifest,
  { path, format, digests }: Restoring,
): Promise<void> {
  const unfinished = `${path}${UNFINISHED}`;
  const write = async () => {
    using screen = byteScreen(cli, `Restoring ${disk.name}`);
    await rm(unfinished, { force: true });
    const options = {
      digests,
      signal: cli.surroundings.signal,
      onProgress: ({ done_bytes, size_bytes }: { done_bytes: number; size_bytes: number }) =>
        screen.show(done_bytes, size_bytes),
    };
    if (format === "qcow2") await engine.exportQcow2(vault, disk, unfinished, options);
    else await engine.exportRaw(vault, disk, unfinished, options);
  };
  try {
    await write().catch(async (error: unknown) => {
      if (!isIndexAtFault(engine, error)) throw error;
      cli.note("The indexes are lost or damaged: reading them out of the packs …");
      await engine.rebuildIndexes(vault);
      await write();
    });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

const isIndexAtFault = (engine: Engine, error: unknown): boolean =>
  error instanceof engine.ChunkMissing ||
  (error instanceof engine.Damaged && error.object.startsWith("indexes/"));
