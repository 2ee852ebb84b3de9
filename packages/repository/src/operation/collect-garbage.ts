import { setTimeout as sleep } from "node:timers/promises";
import { ChunkMissing } from "../damage.ts";
import { listPacks } from "../index/catalogue.ts";
import { packName } from "../pack/pack-format.ts";
import { deletePoint } from "../point/recovery-point.ts";
import { endSilentSession } from "../session/fence.ts";
import { listLocks } from "../session/lock.ts";
import { deleteNotice, type Notice, putNotice } from "../session/notice.ts";
import { LEASE_MS } from "../session/write-session.ts";
import { listFolder, SHORT_ID, type Vault } from "../vault.ts";
import { choosePacks } from "./condemn.ts";
import { type Marked, markReached } from "./mark.ts";
import { replaceIndexes } from "./reindex.ts";
import { rescueChunks } from "./rescue.ts";

export interface CollectOptions {
  /** Packs of which less than this share is reached are given up, and what is reached of them is copied. */
  readonly min_reached_share?: number;
  /**
   * When so many packs are less than half full, their chunks are copied into full ones: many small writes leave many small
   * packs, and each costs a request. 2 at least: one is always left over.
   */
  readonly merged_from?: number;
  /** How long to wait for writers that began before; what is condemned then waits for the next collection. */
  readonly patience_ms?: number;
  readonly signal?: AbortSignal;
}

export interface CollectReport {
  readonly points: number;
  /** Packs that this collection condemned. */
  readonly condemned_packs: number;
  readonly deleted_packs: number;
  readonly freed_bytes: number;
  readonly rescued_chunks: number;
  /** Sessions that were still at work; nothing was deleted then. */
  readonly waits_for: readonly string[];
}

export const MIN_REACHED_SHARE = 0.7;
export const MERGED_FROM = 16;
const POLL_MS = 1000;
const MAX_TRIES = 3;

/**
 * Deletes what no recovery point reaches, beside writers, readers and other collections. docs/repository-format.md says why that is safe.
 *
 * @throws Damaged, ChunkMissing when it cannot be sure what is reached; nothing is deleted then
 */
export async function collectGarbage(vault: Vault, options: CollectOptions = {}): Promise<CollectReport> {
  const { min_reached_share = MIN_REACHED_SHARE, merged_from = MERGED_FROM, signal } = options;
  if (merged_from < 2) throw new RangeError(`merged_from is ${merged_from}: it must be 2 or more`);
  const before = await markReached(vault);
  const condemned = choosePacks(before, await listLocks(vault), {
    min_reached_share,
    merged_from,
    pack_bytes: vault.pack_bytes,
  });
  const notices: Notice[] = [...before.catalogue.notices];
  if (condemned.length > 0) notices.push(await putNotice(vault, condemned));
  const report = { points: before.points, condemned_packs: condemned.length };
  const idle = { ...report, deleted_packs: 0, freed_bytes: 0, rescued_chunks: 0 };
  if (notices.length === 0) return { ...idle, waits_for: [] };
  // Also for notices of others, which may have been put a moment ago:
  await vault.storage.settle(); // every later writer sees them,
  await vault.storage.settle(); // and the lock of every earlier one is seen
  const waits_for = await waitForWriters(vault, notices, options);
  if (waits_for.length > 0) return { ...idle, waits_for };
  signal?.throwIfAborted();

  const { now, rescued_chunks } = await markAndRescue(vault);
  return { ...report, rescued_chunks, ...(await sweep(vault, before, now, notices)), waits_for: [] };
}

/** Marks again, and rescues what is reached: again, when a recovery point was forgotten and collected by another while this one looked. */
async function markAndRescue(vault: Vault): Promise<{ now: Marked; rescued_chunks: number }> {
  for (let tries = 1; ; tries++) {
    const now = await markReached(vault);
    try {
      return { now, rescued_chunks: await rescueChunks(vault, now) };
    } catch (error) {
      if (!(error instanceof ChunkMissing) || tries === MAX_TRIES) throw error;
    }
  }
}

/** Sessions that may use packs of these notices, when the patience is over. */
async function waitForWriters(
  vault: Vault,
  notices: readonly Notice[],
  { patience_ms = 0, signal }: CollectOptions,
): Promise<string[]> {
  const until = vault.now() + patience_ms;
  for (;;) {
    const waits_for: string[] = [];
    for (const { session, beat_at, honours } of await listLocks(vault)) {
      if (notices.every(({ id }) => honours.includes(id))) continue;
      if (vault.now() - Date.parse(beat_at) > LEASE_MS) await endSilentSession(vault, session);
      else waits_for.push(session);
    }
    if (waits_for.length === 0 || vault.now() >= until) return waits_for;
    await sleep(POLL_MS, undefined, signal ? { signal } : {});
  }
}

/** Deletes the packs of these notices, and then the notices. */
async function sweep(
  vault: Vault,
  before: Marked,
  now: Marked,
  notices: readonly Notice[],
): Promise<{ deleted_packs: number; freed_bytes: number }> {
  const { storage } = vault;
  const doomed = new Set(notices.flatMap(({ packs }) => packs));
  const sizes = await listPacks(vault);
  await replaceIndexes(vault, before.catalogue, now.catalogue, doomed);
  let freed_bytes = 0;
  let deleted_packs = 0;
  for (const id of doomed) {
    await storage.delete(packName(id));
    const size_bytes = sizes.get(id);
    if (size_bytes === undefined) continue;
    freed_bytes += size_bytes;
    deleted_packs++;
  }
  for (const session of await listFolder(vault, "voids", SHORT_ID)) await deletePoint(vault, session);
  await storage.settle(); // no list shows the packs any more when the notice goes
  for (const notice of notices) await deleteNotice(vault, notice);
  return { deleted_packs, freed_bytes };
}
