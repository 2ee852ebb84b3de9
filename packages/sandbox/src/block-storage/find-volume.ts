import { Refusal } from "../http/refusal.ts";
import { type Call, param } from "../http/route.ts";
import type { Snapshot, Volume } from "./state.ts";

export function findVolume(call: Call, id = param(call, "volume_id")): Volume {
  const volume = call.site.state.volumes.get(id);
  if (volume === undefined || (volume.project_id !== call.caller.project_id && !call.caller.is_admin)) {
    throw new Refusal(404, `Volume ${id} could not be found.`);
  }
  return volume;
}

export function findSnapshot(call: Call): Snapshot {
  const id = param(call, "snapshot_id");
  const snapshot = call.site.state.snapshots.get(id);
  if (snapshot === undefined || (snapshot.project_id !== call.caller.project_id && !call.caller.is_admin)) {
    throw new Refusal(404, `Snapshot ${id} could not be found.`);
  }
  return snapshot;
}
