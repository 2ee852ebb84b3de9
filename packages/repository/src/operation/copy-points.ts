import { wordOf } from "../chunk/chunk-word.ts";
import type { RecoveryPoint } from "../point/recovery-point.ts";
import { listPoints } from "../point/recovery-point.ts";
import { decodeSegment } from "../point/segment.ts";
import { WriteSession } from "../session/write-session.ts";
import type { Vault } from "../vault.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { copyChunk } from "./rescue.ts";

/** Chunks that are read here and written there at a time. */
const WINDOW = 4;
const DATA = wordOf(0, false, "data");
const SEGMENT = wordOf(0, false, "segment");

/**
 * Copies recovery points that the target does not have yet, oldest first; chunks that it has are not even read. Stopped in the middle, it
 * goes on where it was: points that were copied are known by where they came from.
 */
export async function copyPoints(
  from: Vault,
  to: Vault,
  { ids, signal }: { readonly ids?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<{ copied: RecoveryPoint[]; stored_bytes: number }> {
  if (from.chunk_bytes !== to.chunk_bytes)
    throw new RangeError(
      `chunks have ${from.chunk_bytes} bytes here and ${to.chunk_bytes} there: make the target with the same`,
    );
  if (from.hash !== to.hash)
    throw new RangeError(
      `chunks are named by ${from.hash} here and by ${to.hash} there: make the target with the same`,
    );
  const there = new Set(
    (await listPoints(to)).map(
      ({ copied_from: origin }) => origin && `${origin.repository_id}/${origin.point}`,
    ),
  );
  const copied: RecoveryPoint[] = [];
  let stored_bytes = 0;
  for (const point of await listPoints(from)) {
    if ((ids && !ids.includes(point.id)) || there.has(`${from.repository_id}/${point.id}`)) continue;
    const { point: copy, stored_bytes: added } = await copyPoint(from, to, point, signal);
    copied.push(copy);
    stored_bytes += added;
  }
  return { copied, stored_bytes };
}

async function copyPoint(from: Vault, to: Vault, point: RecoveryPoint, signal: AbortSignal | undefined) {
  const session = await WriteSession.begin(to);
  try {
    await using reader = await ChunkReader.open(from);
    for (const disk of point.disks)
      for (const segment of disk.segments) {
        signal?.throwIfAborted();
        session.checkAlive();
        await copySegment(reader, session, Buffer.from(segment, "hex"));
      }
  } catch (error) {
    await session.abort();
    throw error;
  }
  const { id: _, ...rest } = point;
  const copied_from = { repository_id: from.repository_id, point: point.id };
  const copy = await session.commit({ ...rest, copied_from });
  return { point: copy, stored_bytes: session.packer.figures.stored_bytes };
}

async function copySegment(reader: ChunkReader, session: WriteSession, id: Buffer): Promise<void> {
  const { packer } = session;
  const slot = await reader.take();
  let chunks: Buffer[];
  try {
    chunks = decodeSegment(await reader.read(id, slot)).filter((chunk) => chunk !== null);
  } finally {
    reader.giveBack(slot);
  }
  const missing = chunks.filter((chunk) => !packer.has(chunk)).values();
  const copyMissing = async () => {
    for (const chunk of missing)
      if (!packer.has(chunk)) await copyChunk(reader, packer, { id: chunk, word: DATA });
  };
  const results = await Promise.allSettled(Array.from({ length: WINDOW }, copyMissing));
  for (const result of results) if (result.status === "rejected") throw result.reason;
  if (!packer.has(id)) await copyChunk(reader, packer, { id, word: SEGMENT });
}
