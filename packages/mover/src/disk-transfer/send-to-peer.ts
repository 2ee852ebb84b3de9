import { join } from "node:path";
import type { DiskTargetSide } from "@uniview/api/mover";
import { Attempts } from "../attempts.ts";
import { ChunkMap } from "../copy/chunk-map.ts";
import type { CopyBoard } from "../copy/chunk-sink.ts";
import { chunksOf } from "../copy/digest.ts";
import { connectionFailure } from "../failure.ts";
import { persist } from "../persist.ts";
import { connectPeer } from "../stream/connect-peer.ts";
import { identityIn } from "../stream/identity-file.ts";
import { sendDisk } from "../stream/send-disk.ts";
import type { TransferContext } from "./context.ts";
import { SOURCE_MAP } from "./copy-here.ts";
import { openSource } from "./open-sides.ts";

/** Sends a disk to another mover, over as many connections as it takes. */
export async function sendToPeer(
  target: Extract<DiskTargetSide, { kind: "peer" }>,
  context: TransferContext,
): Promise<void> {
  const { id, dir, board, threads, throttle, signal, settings } = context;
  threads.start(); // while the other mover is looked for
  const identity = await identityIn(dir);
  await using source = await openSource(context);
  await using map = await ChunkMap.open(join(dir, SOURCE_MAP), chunksOf(source.size_bytes));
  const attempts = new Attempts();
  const counting: CopyBoard = {
    read: (bytes) => board.read(bytes),
    skipped: (bytes, zeros) => board.skipped(bytes, zeros),
    onWire: (bytes) => board.onWire(bytes),
    verified: (bytes) => board.verified(bytes),
    wrote(bytes) {
      attempts.progressed();
      board.wrote(bytes);
    },
  };
  const { pack, rate } = context.spec();
  const limited = rate.limit_bytes_per_s !== undefined || rate.windows.length > 0;
  await persist("target", { ...context, attempts }, async () => {
    const socket = await connectPeer(id, target, identity, settings.allow_link_local, signal);
    board.goesOn("target");
    board.beginCopy(source.size_bytes);
    try {
      await sendDisk(socket, {
        source,
        map,
        threads,
        board: counting,
        throttle,
        signal,
        pack: limited ? "always" : pack,
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw connectionFailure("target", `${target.host}:${target.port}`, cause);
    }
  });
}
