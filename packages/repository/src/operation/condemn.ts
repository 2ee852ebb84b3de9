import type { Lock } from "../session/lock.ts";
import type { Marked } from "./mark.ts";

/** What makes a pack not worth its space. */
export interface Thrift {
  /** Less than this share of it is reached. */
  readonly min_reached_share: number;
  /** It is less than half full, and so many are. */
  readonly merged_from: number;
  /** Of a full pack. */
  readonly pack_bytes: number;
}

/**
 * Packs that are not worth their space: those of which less than the wanted share is reached, those that are small and many, and
 * those that no index tells of. Not those of sessions at work, whose recovery points are still to come; that only saves work, a wrong choice harms nothing.
 */
export function choosePacks(
  { catalogue, reached }: Marked,
  locks: readonly Lock[],
  { min_reached_share, merged_from, pack_bytes }: Thrift,
): string[] {
  const { packs, chunks, unindexed, notices } = catalogue;
  const reached_bytes = new Float64Array(packs.length);
  for (let number = 0; number < chunks.size; number++) {
    const pack = chunks.packOf(number);
    if (reached.has(number)) reached_bytes[pack] = (reached_bytes[pack] ?? 0) + chunks.lengthOf(number);
  }
  const at_work = new Set(locks.map(({ session }) => session));
  const settled = packs
    .map((pack, number) => ({ ...pack, share: (reached_bytes[number] ?? 0) / pack.sealed_bytes }))
    .filter((pack) => !pack.condemned && !at_work.has(pack.session));
  const thin = settled.filter(({ share }) => share < min_reached_share);
  const small = settled.filter(
    ({ share, sealed_bytes }) => share >= min_reached_share && sealed_bytes * 2 < pack_bytes,
  );
  const merged = small.length < merged_from ? [] : small;
  const condemned = new Set(notices.flatMap((notice) => notice.packs));
  const lost = at_work.size > 0 ? [] : unindexed.filter(({ id }) => !condemned.has(id));
  return [...thin, ...merged, ...lost].map(({ id }) => id);
}
