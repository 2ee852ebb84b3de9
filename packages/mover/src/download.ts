import { spoolFailure, TransferFailure } from "./failure.ts";
import type { OpenSource, Source, SourceSide } from "./source.ts";
import { CHUNK_BYTES, digestOf, type Spool, type SpooledChunk } from "./spool.ts";
import type { Throttle } from "./throttle.ts";

/** What a download needs of the transfer that it is part of. */
export interface Download {
  readonly source: Source;
  readonly spool: Spool;
  readonly throttle: Throttle;
  /** The size that the control plane was told; null where nobody knows. */
  readonly expected_bytes: number | null;
  readonly signal: AbortSignal;
  /** Bytes that came over the wire, wanted or not. */
  onBytes(bytes: number): void;
  /** A chunk more is in the spool. */
  onChunk(): void;
}

/** Reads the source from where the spool ends to its own end, once: the caller tries again. */
export async function fillSpool(side: SourceSide, download: Download): Promise<void> {
  const { source, spool, throttle, signal } = download;
  if (download.expected_bytes !== null) await kept(spool.setSize(download.expected_bytes));
  if (spool.complete) return;
  const from = spool.length_bytes;
  const opened = await source.open(side, from, download.onBytes, signal);
  await agreeOnSize(opened, download);

  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let filled = 0;
  let at = from;
  for await (const piece of opened.bytes) {
    await throttle(piece.length, signal);
    if (spool.size_bytes !== null && at + piece.length > spool.size_bytes) {
      throw new TransferFailure(
        "source",
        "verification-failed",
        `The source sends more than its ${spool.size_bytes} bytes.`,
      );
    }
    at += piece.length;
    for (let taken = 0; taken < piece.length; ) {
      const part = piece.subarray(taken, taken + CHUNK_BYTES - filled);
      chunk.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < CHUNK_BYTES) continue;
      await kept(spool.append(chunk));
      download.onChunk();
      filled = 0;
    }
  }
  if (spool.size_bytes !== null && at < spool.size_bytes) {
    throw new TransferFailure(
      "source",
      "site-unreachable",
      `The source's answer ended at ${at} of ${spool.size_bytes} bytes.`,
    );
  }
  // the size first: without it a short last chunk could not be told from a full one after a crash
  await kept(spool.setSize(at));
  if (filled > 0) await kept(spool.append(chunk.subarray(0, filled)));
  download.onChunk();
}

/** Reads one chunk again that the spool's disk spoiled. */
export async function readAgain(
  side: SourceSide,
  chunk: SpooledChunk,
  download: Download,
  signal: AbortSignal,
): Promise<void> {
  const { source, spool } = download;
  const opened = await source.open(side, chunk.index * CHUNK_BYTES, download.onBytes, signal);
  const bytes = Buffer.allocUnsafeSlow(chunk.length);
  let filled = 0;
  for await (const piece of opened.bytes) {
    filled += copy(piece, bytes, filled);
    if (filled === chunk.length) break;
  }
  if (filled < chunk.length) {
    throw new TransferFailure("source", "site-unreachable", "The source's answer ended early.");
  }
  if (!digestOf(bytes).equals(chunk.digest)) {
    throw new TransferFailure(
      "source",
      "verification-failed",
      `The source changed while it was copied (at ${chunk.index * CHUNK_BYTES} bytes).`,
    );
  }
  await kept(spool.repair(chunk, bytes));
}

function copy(piece: Uint8Array, into: Buffer, at: number): number {
  const part = piece.subarray(0, into.length - at);
  into.set(part, at);
  return part.length;
}

async function agreeOnSize(opened: OpenSource, { spool, expected_bytes }: Download): Promise<void> {
  if (opened.size_bytes === null) return;
  const known = expected_bytes ?? spool.size_bytes;
  if (known !== null && known !== opened.size_bytes) {
    throw new TransferFailure(
      "source",
      "verification-failed",
      `The source has ${opened.size_bytes} bytes, but ${known} were expected.`,
    );
  }
  await kept(spool.setSize(opened.size_bytes));
}

async function kept(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (cause) {
    throw spoolFailure(cause);
  }
}
