import { listPacks } from "../index/catalogue.ts";
import { listLocks } from "../session/lock.ts";
import type { Vault } from "../vault.ts";
import { type CollectOptions, MERGED_FROM, MIN_REACHED_SHARE } from "./collect-garbage.ts";
import { choosePacks } from "./condemn.ts";
import { markReached } from "./mark.ts";

/** What a collection would do now, if nobody else did anything meanwhile. */
export interface CollectPlan {
  readonly points: number;
  readonly packs: number;
  /** Packs that would be deleted. */
  readonly doomed_packs: number;
  readonly doomed_bytes: number;
  /** What is still needed of them, and would be copied first. */
  readonly rescued_bytes: number;
  /** Sessions at work: a collection may have to wait for them. */
  readonly writers: number;
}

/**
 * Looks what a collection would delete. Changes nothing.
 * @throws Damaged, ChunkMissing when it cannot be sure what is reached
 */
export async function planCollection(
  vault: Vault,
  {
    min_reached_share = MIN_REACHED_SHARE,
    merged_from = MERGED_FROM,
  }: Pick<CollectOptions, "min_reached_share" | "merged_from"> = {},
): Promise<CollectPlan> {
  const marked = await markReached(vault);
  const locks = await listLocks(vault);
  const { packs, chunks, notices } = marked.catalogue;
  const doomed = new Set([
    ...choosePacks(marked, locks, { min_reached_share, merged_from, pack_bytes: vault.pack_bytes }),
    ...notices.flatMap((notice) => notice.packs),
  ]);
  const sizes = await listPacks(vault);
  const doomed_sizes = [...doomed].flatMap((id) => sizes.get(id) ?? []);
  let rescued_bytes = 0;
  for (let number = 0; number < chunks.size; number++) {
    const pack = packs[chunks.packOf(number)];
    if (pack && doomed.has(pack.id) && marked.reached.has(number)) rescued_bytes += chunks.lengthOf(number);
  }
  return {
    points: marked.points,
    packs: sizes.size,
    doomed_packs: doomed_sizes.length,
    doomed_bytes: doomed_sizes.reduce((sum, size) => sum + size, 0),
    rescued_bytes,
    writers: locks.length,
  };
}
