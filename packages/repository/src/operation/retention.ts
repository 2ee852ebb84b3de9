import { deletePoint, type RecoveryPoint } from "../point/recovery-point.ts";
import type { Vault } from "../vault.ts";

/** How many recovery points to keep: the last ones, and the newest one of each of the latest hours, days, … that have any. */
export interface Retention {
  readonly last?: number;
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  readonly yearly?: number;
}

/** The period that an instant lies in, UTC. Weeks begin on Mondays. */
const PERIODS: Readonly<Record<keyof Retention, (taken_at: string) => string>> = {
  last: (taken_at) => taken_at,
  hourly: (taken_at) => taken_at.slice(0, 13),
  daily: (taken_at) => taken_at.slice(0, 10),
  weekly: mondayOf,
  monthly: (taken_at) => taken_at.slice(0, 7),
  yearly: (taken_at) => taken_at.slice(0, 4),
};

/**
 * Splits recovery points of one server into those to keep and those to forget.
 * @throws RangeError when the rules would keep nothing
 */
export function applyRetention(
  points: readonly RecoveryPoint[],
  rules: Retention,
): { keep: RecoveryPoint[]; forget: RecoveryPoint[] } {
  const counts = Object.entries(rules) as [keyof Retention, number][];
  for (const [rule, count] of counts)
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`${rule} is ${count}: it must be a whole number`);
  if (!counts.some(([, count]) => count > 0))
    throw new RangeError(
      "the rules keep nothing: say how many recovery points to keep at least by one of them",
    );

  const newest_first = points.toSorted((a, b) => b.taken_at.localeCompare(a.taken_at));
  const kept = new Set<RecoveryPoint>();
  for (const [rule, count] of counts) {
    const periods = new Set<string>();
    for (const [index, point] of newest_first.entries()) {
      const period = rule === "last" ? `${index}` : PERIODS[rule](point.taken_at);
      if (periods.has(period) || periods.size >= count) continue;
      periods.add(period);
      kept.add(point);
    }
  }
  return {
    keep: newest_first.filter((point) => kept.has(point)),
    forget: newest_first.filter((point) => !kept.has(point)),
  };
}

/** Forgets recovery points. Their space is free after the next collection. Forgetting twice is fine. */
export async function forgetPoints(vault: Vault, ids: readonly string[]): Promise<void> {
  for (const id of ids) await deletePoint(vault, id);
}

function mondayOf(taken_at: string): string {
  const day = new Date(taken_at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}
