import type { Writable } from "node:stream";
import type { ByteReader } from "@uniview/repository/nbd/byte-reader";
import { CHUNK_BYTES, DIGEST_BYTES } from "../copy/digest.ts";
import { TransferFailure } from "../failure.ts";

/**
 * What goes over a stream between two movers, after TLS 1.3 with both certificates pinned. All integers are big-endian.
 *
 *     frame = kind u8 ‖ packed u8 ‖ 0 u16 ‖ chunk u32 ‖ count u32 ‖ length u32 ‖ payload
 *
 *     sender                                           receiver
 *     hello   JSON: version, size_bytes, chunk_bytes
 *                                                      hello   JSON: version
 *                                                      has     digests of chunks from `chunk` on that it has, 32 bytes each;
 *                                                              all zeros: not known. `count` > 0: one digest for so many chunks.
 *                                                              Covers the disk once, in ascending order
 *     chunk   digest 32 ‖ bytes, zstd when packed,
 *             `count` long when opened
 *     zeros   `chunk` is all zeros
 *                                                      stored  `chunk` is on the target
 *     end     chain 32: SHA-256 of all digests
 *                                                      wrong   u32 each: chunks to be sent again, none: done
 *                                                      failed  JSON: the problem
 *     ping    either way, when there is nothing to say
 *
 * A sender has at most `WINDOW` chunks under way that were not said to be stored.
 */
export const STREAM_VERSION = 1;
export const STREAM_PROTOCOL = "uniview-stream/1";
/** 64 MiB under way fill 5 Gbit/s at 100 ms. */
export const WINDOW = 64;
/** Said so often, whatever else is. */
export const PING_MS = 10_000;
/** Heard nothing for so long: the connection is gone. */
export const SILENCE_MS = 60_000;

export const KIND = {
  hello: 1,
  has: 2,
  chunk: 3,
  zeros: 4,
  stored: 5,
  end: 6,
  wrong: 7,
  failed: 8,
  ping: 9,
} as const;

const HEADER_BYTES = 16;
export const MAX_PAYLOAD_BYTES = CHUNK_BYTES + DIGEST_BYTES;

export interface Frame {
  readonly kind: number;
  readonly packed: boolean;
  readonly chunk: number;
  readonly count: number;
  readonly length: number;
}

/** Resolves when the socket has taken the frame: its bytes are free again. */
export function writeFrame(
  socket: Writable,
  kind: number,
  { packed = false, chunk = 0, count = 0 }: { packed?: boolean; chunk?: number; count?: number },
  ...payload: readonly Uint8Array[]
): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(kind, 0);
  header.writeUInt8(packed ? 1 : 0, 1);
  header.writeUInt32BE(chunk, 4);
  header.writeUInt32BE(count, 8);
  header.writeUInt32BE(
    payload.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    socket.cork();
    socket.write(header, payload.length === 0 ? done : undefined);
    for (const [index, bytes] of payload.entries())
      socket.write(bytes, index === payload.length - 1 ? done : undefined);
    socket.uncork();
  });
}

/** The next frame's header; the caller takes the payload. @throws StreamEnded */
export async function readFrame(bytes: ByteReader): Promise<Frame> {
  const header = await bytes.take(HEADER_BYTES);
  const frame = {
    kind: header.readUInt8(0),
    packed: header.readUInt8(1) === 1,
    chunk: header.readUInt32BE(4),
    count: header.readUInt32BE(8),
    length: header.readUInt32BE(12),
  };
  if (frame.length > MAX_PAYLOAD_BYTES) throw malformed(`a frame of ${frame.length} bytes`);
  return frame;
}

export function malformed(what: string): TransferFailure {
  return new TransferFailure(
    "mover",
    "transfer-failed",
    `The other mover sent ${what}; use the same version of both.`,
  );
}
