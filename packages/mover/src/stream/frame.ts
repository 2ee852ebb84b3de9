import type { ByteReader } from "@uniview/repository/nbd/byte-reader";
import { CHUNK_BYTES, DIGEST_BYTES } from "../copy/digest.ts";
import { withRoom } from "../copy/slot-part.ts";
import { TransferFailure } from "../failure.ts";

/**
 * What goes over a stream between two movers, after TLS 1.3 with both certificates pinned. All integers are big-endian.
 *
 *     frame = kind u8 ‖ packed u8 ‖ 0 u16 ‖ chunk u32 ‖ count u32 ‖ length u32 ‖ payload
 *
 *     sender                                           receiver
 *     hello   JSON: version, size_bytes, chunk_bytes,
 *             hashes that it can make digests by
 *                                                      hello   JSON: the same, with the one hash that it chose
 *                                                      has     digests of chunks from `chunk` on that it has, 32 bytes each;
 *                                                              all zeros: not known. `count` > 0: one digest for so many chunks.
 *                                                              Covers the disk once, in ascending order
 *     chunk   digest 32 ‖ bytes, zstd when packed,
 *             `count` long when opened
 *     zeros   `chunk` is all zeros
 *                                                      stored  `chunk` is on the target; packed = 1: the receiver is busy, and
 *                                                              unpacking would make it slower
 *     end     chain 32: SHA-256 of all digests
 *                                                      wrong   u32 each: chunks to be sent again, none: done
 *                                                      failed  JSON: the problem
 *     ping    either way, when there is nothing to say
 *
 * A sender has at most `WINDOW` chunks under way that were not said to be stored.
 */
export const STREAM_VERSION = 2;
export const STREAM_PROTOCOL = "uniview-stream/1";
/** 128 bits first: as safe for what lives as long as a transfer, and a quarter cheaper at both ends. */
export const STREAM_CIPHERS = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
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
const NOTHING = new Uint8Array(0);
export const MAX_PAYLOAD_BYTES = CHUNK_BYTES + DIGEST_BYTES;

export interface Frame {
  readonly kind: number;
  readonly packed: boolean;
  readonly chunk: number;
  readonly count: number;
  readonly length: number;
}

/** What a frame says beside its kind and its payload. */
export type FrameHead = Partial<Pick<Frame, "packed" | "chunk" | "count">>;

export function encodeFrame(kind: number, head: FrameHead, payload: Uint8Array = NOTHING): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  writeHeader(frame, kind, head, payload.length);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** A chunk's frame, around the first bytes of a slot's part: in the slot's own memory, which is not free before it was written. */
export function encodeChunk(head: FrameHead, digest: Buffer, part: Buffer, length: number): Buffer {
  const frame = withRoom(part, length, HEADER_BYTES + DIGEST_BYTES);
  writeHeader(frame, KIND.chunk, head, DIGEST_BYTES + length);
  digest.copy(frame, HEADER_BYTES);
  return frame;
}

function writeHeader(
  frame: Buffer,
  kind: number,
  { packed = false, chunk = 0, count = 0 }: FrameHead,
  length: number,
): void {
  frame.writeUInt8(kind, 0);
  frame.writeUInt8(packed ? 1 : 0, 1);
  frame.writeUInt16BE(0, 2);
  frame.writeUInt32BE(chunk, 4);
  frame.writeUInt32BE(count, 8);
  frame.writeUInt32BE(length, 12);
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
