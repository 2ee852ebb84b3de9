import { open } from "node:fs/promises";
import { join } from "node:path";
import type { DiskSourceSide } from "@uniview/api/mover";
import { Attempts } from "../attempts.ts";
import type { SourceChunks } from "../copy/chunk-sink.ts";
import { CHUNK_BYTES, ZEROS_DIGEST } from "../copy/digest.ts";
import { openQcow2Source } from "../disk/qcow2-disk.ts";
import { type Download, fillSpool, readAgain } from "../download.ts";
import { persist } from "../persist.ts";
import { Source } from "../source.ts";
import { digestOf, Spool } from "../spool.ts";
import type { TransferContext } from "./context.ts";

type ImageSide = Extract<DiskSourceSide, { kind: "image" }>;

/**
 * An image at a URL as a disk that can be read anywhere: it is spooled from its beginning, and who reads further than that waits. A qcow2 image
 * can only be read when all of it is there. Outages of the source are bridged; what broke is not read twice.
 */
export async function openSpooledImage(context: TransferContext): Promise<SourceChunks> {
  const { board, throttle, settings } = context;
  const side = () => {
    const { source } = context.spec();
    if (source.kind !== "image") throw new Error("the source of a transfer does not become another kind");
    return source;
  };
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const spool = await Spool.open(join(context.dir, "image"), side().url);
  const source = new Source(side(), settings.allow_link_local);
  const attempts = new Attempts();
  const download: Download = {
    source,
    spool,
    throttle,
    expected_bytes: null,
    signal,
    onBytes: (bytes) => board.read(bytes),
    onChunk: () => {
      attempts.progressed();
      board.goesOn("source");
      board.bytes_spooled = spool.length_bytes;
    },
  };
  const filling = persist("source", { ...context, signal, attempts }, () => fillSpool(side(), download));
  filling.catch((error: unknown) => stop.abort(error)); // wakes whoever waits for a chunk
  const close = async () => {
    stop.abort(new Error("closed"));
    await filling.catch(() => {});
    await source.close();
    await spool.close();
  };
  try {
    if (side().format === "qcow2") return await asQcow2(spool, filling, close);
    return asRaw(spool, side, download, await spool.knownSize(signal), close);
  } catch (error) {
    await close();
    throw signal.aborted ? signal.reason : error;
  }
}

function asRaw(
  spool: Spool,
  side: () => ImageSide,
  download: Download,
  size_bytes: number,
  close: () => Promise<void>,
): SourceChunks {
  const { signal } = download;
  const whole = Buffer.alloc(CHUNK_BYTES);
  /** Chunk by chunk, so that one buffer is enough to check against what was sent. */
  let turn: Promise<unknown> = Promise.resolve();
  const readPart = async (into: Buffer, index: number, from: number) => {
    await spool.has(index, signal);
    const chunk = spool.chunk(index);
    const bytes = whole.subarray(0, chunk.length);
    await spool.read(chunk, bytes);
    while (!digestOf(bytes).equals(chunk.digest)) {
      await readAgain(side(), chunk, download, signal);
      await spool.read(chunk, bytes);
    }
    bytes.copy(into, 0, from, from + into.length);
  };
  return {
    size_bytes,
    async read(into, offset_bytes) {
      for (let done = 0; done < into.length; ) {
        const index = Math.floor((offset_bytes + done) / CHUNK_BYTES);
        const from = offset_bytes + done - index * CHUNK_BYTES;
        const part = into.subarray(done, done + CHUNK_BYTES - from);
        const read = turn.then(() => readPart(part, index, from));
        turn = read.catch(() => {});
        await read;
        done += part.length;
      }
    },
    async digestOf(index) {
      await spool.has(index, signal);
      const chunk = spool.chunk(index);
      return chunk.zero ? ZEROS_DIGEST : chunk.digest;
    },
    [Symbol.asyncDispose]: close,
  };
}

async function asQcow2(
  spool: Spool,
  filling: Promise<void>,
  close: () => Promise<void>,
): Promise<SourceChunks> {
  await filling;
  const path = join(spool.dir, "data");
  {
    await using file = await open(path, "r+");
    await file.truncate(spool.size_bytes ?? 0); // zeros at the end were left out
  }
  const disk = await openQcow2Source(path);
  return {
    ...disk,
    async [Symbol.asyncDispose]() {
      await disk[Symbol.asyncDispose]();
      await close();
    },
  };
}
