import type { Caller } from "../identity/caller.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { checkVolumeQuota } from "./quotas.ts";
import type { Snapshot, Volume } from "./state.ts";

/** Files a snapshot in state `creating`; it becomes `available` in the background. @throws Refusal 413 */
export function makeSnapshot(
  site: Site,
  caller: Pick<Caller, "user_id" | "project_id">,
  volume: Volume,
  wish: { name: string | null; description: string | null; metadata: Record<string, string> },
): { snapshot: Snapshot; made: Promise<void> } {
  checkVolumeQuota(site, caller.project_id, { snapshots: 1, gigabytes: volume.size });
  const snapshot = put(site.state.snapshots, {
    id: site.newId(),
    ...wish,
    project_id: caller.project_id,
    user_id: caller.user_id,
    volume_id: volume.id,
    status: "creating",
    size: volume.size,
    created_at: site.nowNaive(),
    updated_at: null,
  });
  const made = new Promise<void>((resolve) => {
    site.background(async () => {
      await copy(site, volume, snapshot).finally(resolve);
    });
  });
  return { snapshot, made };
}

async function copy(site: Site, volume: Volume, snapshot: Snapshot): Promise<void> {
  const server_id = volume.attachments[0]?.server_id;
  try {
    // The point in time is now; what the guest writes later is not in it.
    await site.guests.whileFrozen(server_id, () =>
      site.disks.copy(site.disks.volume(volume.id), site.disks.snapshot(snapshot.id)),
    );
    await site.transition();
    snapshot.status = "available";
  } catch {
    snapshot.status = "error";
  }
  snapshot.updated_at = site.nowNaive();
}
