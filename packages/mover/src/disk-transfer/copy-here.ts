import { join } from "node:path";
import type { DiskTargetSide } from "@uniview/api/mover";
import { ChunkMap } from "../copy/chunk-map.ts";
import { copyDisk } from "../copy/copy-disk.ts";
import { chunksOf } from "../copy/digest.ts";
import { DiskSink } from "../copy/disk-sink.ts";
import type { TransferContext } from "./context.ts";
import { openSource, openTarget } from "./open-sides.ts";

/** Maps of a transfer's disks, in its folder: what is known of the source, and what is on the target. */
export const SOURCE_MAP = "source-map";
export const TARGET_MAP = "target-map";

/** Copies a disk to a file or a device of this machine. */
export async function copyHere(
  target: Extract<DiskTargetSide, { kind: "file" | "device" }>,
  context: TransferContext,
): Promise<void> {
  const { dir, board, threads, throttle, signal } = context;
  await using source = await openSource(context);
  const { size_bytes } = source;
  await using disk = await openTarget(target, size_bytes, context);
  await using map = await ChunkMap.open(join(dir, SOURCE_MAP), chunksOf(size_bytes));
  await using written = await ChunkMap.open(join(dir, TARGET_MAP), chunksOf(size_bytes));
  const { compare } = context.spec();
  board.beginCopy(size_bytes);
  const sink = new DiskSink({
    target: disk,
    size_bytes,
    map: written,
    threads,
    board,
    throttle,
    signal,
    compare,
  });
  await copyDisk({ source, sink, map, threads, board, signal });
}
