import type { TLSSocket } from "node:tls";
import { hashesHere } from "@uniview/repository/chunk/chunk-hash";
import type { ChunkMap } from "../copy/chunk-map.ts";
import type { CopyBoard, SourceChunks } from "../copy/chunk-sink.ts";
import type { ChunkThreads } from "../copy/chunk-threads.ts";
import { copyDisk } from "../copy/copy-disk.ts";
import { CHUNK_BYTES } from "../copy/digest.ts";
import type { Throttle } from "../throttle.ts";
import { malformed } from "./frame.ts";
import { Link } from "./link.ts";
import { StreamSink } from "./sender.ts";

export interface Sending {
  readonly source: SourceChunks;
  readonly map: ChunkMap;
  readonly threads: ChunkThreads;
  readonly board: CopyBoard;
  readonly throttle: Throttle;
  readonly signal: AbortSignal;
  readonly pack: "always" | "if_faster";
}

/** Brings a disk to the mover at the other end of a connection; resolves when that one has verified it. */
export async function sendDisk(socket: TLSSocket, sending: Sending): Promise<void> {
  const { source, map, threads, board, throttle, signal, pack } = sending;
  const { size_bytes } = source;
  const link = new Link(socket);
  try {
    // a source that knows digests without reading knows them by SHA-256
    const hashes = source.digestOf ? (["sha256"] as const) : hashesHere();
    await link.sayHello({ size_bytes, chunk_bytes: CHUNK_BYTES, hashes: [...hashes] });
    const [chosen] = (await link.hearHello()).hashes;
    if (!chosen || !hashes.includes(chosen)) throw malformed("another hash than it was offered");
    threads.hash = chosen;
    await map.useHash(chosen);
    const sink = new StreamSink({ link, size_bytes, board, throttle, signal, pack });
    await copyDisk({ ...sending, sink });
  } finally {
    link.close();
  }
}
