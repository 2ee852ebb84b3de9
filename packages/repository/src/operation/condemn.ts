import type { Lock } from "../session/lock.ts";
import type { Marked } from "./mark.ts";

/**
 * Packs that are not worth their space: those of which less than the wanted share is reached, and those that no index tells
 * of. Not those of sessions at work, whose recovery points are still to come; that only saves work, a wrong choice harms nothing.
 */
export function choosePacks(
  { catalogue, reached }: Marked,
  locks: readonly Lock[],
  min_reached_share: number,
): string[] {
  const { packs, chunks, unindexed, notices } = catalogue;
  const reached_bytes = new Float64Array(packs.length);
  for (let number = 0; number < chunks.size; number++) {
    const pack = chunks.packOf(number);
    if (reached.has(number)) reached_bytes[pack] = (reached_bytes[pack] ?? 0) + chunks.lengthOf(number);
  }
  const at_work = new Set(locks.map(({ session }) => session));
  const thin = packs.filter((pack, number) => {
    const share = (reached_bytes[number] ?? 0) / pack.sealed_bytes;
    return !pack.condemned && share < min_reached_share && !at_work.has(pack.session);
  });
  const condemned = new Set(notices.flatMap((notice) => notice.packs));
  const lost = at_work.size > 0 ? [] : unindexed.filter(({ id }) => !condemned.has(id));
  return [...thin, ...lost].map(({ id }) => id);
}
