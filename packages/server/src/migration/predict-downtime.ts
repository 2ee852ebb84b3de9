import type { MigrationPlan } from "@uniview/api";

/** What the last migration between the same two sites took. */
export interface Downtime {
  readonly downtime_s: number;
  readonly bytes: number;
  readonly ended_at: string;
}

/**
 * Cold: the server is down from its stop to the copy's ACTIVE. Predicted from the last migration between the two
 * sites, in proportion to the size of the disks: before there is one, nothing is claimed.
 */
export function predictDowntime(
  bytes: number,
  last: Downtime | null,
  keep_source_running: boolean,
): MigrationPlan["downtime"] {
  if (keep_source_running) return { estimate_s: 0, basis: "The source keeps running." };
  if (!last || last.bytes === 0) {
    return {
      estimate_s: null,
      basis:
        "No server has been migrated between these sites yet. The server is down while its disks are copied.",
    };
  }
  // What does not grow with the size (stop, snapshot, boot) is counted in full, so that small disks are not promised too much.
  const estimate_s = Math.round(last.downtime_s * Math.max(1, bytes / last.bytes));
  return {
    estimate_s,
    basis: `The last migration between these sites took ${Math.round(last.downtime_s)} s, on ${last.ended_at.slice(0, 10)}.`,
  };
}
