import { enforcePolicy } from "../faults/policy.ts";
import { isObject } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, type Route, route } from "../http/route.ts";
import type { Site } from "../site.ts";
import { findVolume } from "./find-volume.ts";
import { listPage, matchesQuery } from "./list-page.ts";
import { findVolumeImage, makeVolume } from "./make-volume.ts";
import type { Backup, Volume } from "./state.ts";
import { viewVolume, viewVolumeBriefly } from "./views.ts";

const DELETABLE = ["available", "error", "error_restoring", "error_extending", "error_managing"];
const FILTERS = ["name", "status", "metadata", "bootable", "volume_type_id", "availability_zone"];

export const VOLUME_ROUTES: Route[] = [
  route("GET", "/volumes", (call) => listVolumes(call, false)),
  route("GET", "/volumes/detail", (call) => listVolumes(call, true)),
  route("GET", "/volumes/summary", showSummary, { since: "3.12" }),
  route("POST", "/volumes", createVolume, { policy: "volume:create" }),
  route("GET", "/volumes/{volume_id}", (call) => json({ volume: viewVolume(call, findVolume(call), true) })),
  route("GET", "/volumes/{volume_id}/encryption", showEncryption, {
    policy: "volume_extension:volume_encryption_metadata",
  }),
  route("PUT", "/volumes/{volume_id}", updateVolume, { policy: "volume:update" }),
  route("DELETE", "/volumes/{volume_id}", deleteVolume, { policy: "volume:delete" }),
];

function listVolumes(call: Call, in_detail: boolean): Reply {
  const all =
    call.query.get("all_tenants") === "1" || call.query.get("all_tenants")?.toLowerCase() === "true";
  const wanted = [...call.site.state.volumes.values()].filter(
    (volume) =>
      (volume.project_id === call.caller.project_id || (all && call.caller.is_admin)) &&
      matchesQuery(call.query, volume, FILTERS),
  );
  return listPage(call, "volumes", in_detail ? "volumes/detail" : "volumes", wanted, (volume) =>
    in_detail ? viewVolume(call, volume, true) : viewVolumeBriefly(call, volume),
  );
}

function showSummary(call: Call): Reply {
  const own = [...call.site.state.volumes.values()].filter(
    (one) => one.project_id === call.caller.project_id,
  );
  const total_size = own.reduce((sum, volume) => sum + volume.size, 0);
  return json({ "volume-summary": { total_size, total_count: own.length } });
}

async function createVolume(call: Call): Promise<Reply> {
  const given = await bodyObject(call, "volume").catch(() => {
    throw new Refusal(400, "Missing required element 'volume' in request body.");
  });
  const image_id = given.text("imageRef") ?? given.text("image_id");
  if (image_id !== undefined) {
    // Cinder's API looks for the image before it asks anything.
    findVolumeImage(call.site, call.caller, image_id);
    enforcePolicy(call.site, "block-storage", call.caller, { policy: "volume:create_from_image" });
  }
  const stands_for = image_id === undefined ? undefined : snapshotOfImage(call, image_id);
  const { volume } = makeVolume(call.site, call.caller, {
    name: given.text("name") ?? given.text("display_name") ?? null,
    description: given.text("description") ?? null,
    size: given.integer("size"),
    volume_type: given.text("volume_type"),
    image_id: stands_for === undefined ? image_id : undefined,
    snapshot_id: stands_for ?? given.text("snapshot_id"),
    source_volid: given.text("source_volid"),
    backup: findBackup(call, given.text("backup_id")),
    metadata: given.map("metadata") ?? {},
    multiattach: given.flag("multiattach") ?? false,
    availability_zone: given.text("availability_zone"),
  });
  return json({ volume: viewVolume(call, volume, false) }, 202);
}

/** Until 3.47 nobody reads it: the volume is empty then. */
function findBackup({ site, caller, version }: Call, id: string | undefined): Backup | undefined {
  if (id === undefined || !version.atLeast("3.47")) return undefined;
  const backup = site.state.backups.get(id);
  if (backup?.project_id !== caller.project_id) throw new Refusal(404, `Backup ${id} could not be found.`);
  return backup;
}

function showEncryption(call: Call): Reply {
  const { encryption_key_id, volume_type_id } = findVolume(call);
  const encryption = call.site.state.volume_types.get(volume_type_id)?.encryption;
  return json(encryption === undefined ? {} : { ...encryption, encryption_key_id });
}

/** From 3.46 the image of a volume-backed server, which has no bytes, is taken for the snapshot of its root disk. */
function snapshotOfImage(call: Call, image_id: string): string | undefined {
  if (!call.version.atLeast("3.46")) return undefined;
  const mapping = call.site.state.images.get(image_id)?.properties["block_device_mapping"];
  const disks: unknown = mapping === undefined ? [] : JSON.parse(mapping);
  if (!Array.isArray(disks)) return undefined;
  const root = disks.filter(isObject).find((disk) => disk["boot_index"] === 0);
  return root === undefined ? undefined : String(root["snapshot_id"]);
}

async function updateVolume(call: Call): Promise<Reply> {
  const volume = findVolume(call);
  const given = await bodyObject(call, "volume");
  volume.name = given.text("name") ?? given.text("display_name") ?? volume.name;
  volume.description = given.text("description") ?? volume.description;
  volume.metadata = given.map("metadata") ?? volume.metadata;
  volume.updated_at = call.site.nowNaive();
  return json({ volume: viewVolume(call, volume, false) });
}

function deleteVolume(call: Call): Reply {
  const { site } = call;
  const volume = findVolume(call);
  const snapshots = [...site.state.snapshots.values()].filter((snapshot) => snapshot.volume_id === volume.id);
  const cascade = call.query.get("cascade")?.toLowerCase() === "true";
  const is_free = DELETABLE.includes(volume.status) && (volume.group_id ?? null) === null;
  if (!is_free || (snapshots.length > 0 && !cascade)) {
    throw new Refusal(
      400,
      "Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.",
    );
  }
  for (const snapshot of snapshots) {
    site.state.snapshots.delete(snapshot.id);
    site.background(() => site.disks.remove(site.disks.snapshot(snapshot.id)));
  }
  removeVolume(site, volume);
  return empty(202);
}

/** `deleting` for a moment, then gone. */
export function removeVolume(site: Site, volume: Volume): void {
  volume.status = "deleting";
  site.background(async () => {
    await site.transition();
    site.state.volumes.delete(volume.id);
    await site.disks.remove(site.disks.volume(volume.id));
  });
}
