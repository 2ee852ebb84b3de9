import { enforcePolicy } from "../faults/policy.ts";
import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { findVolume } from "./find-volume.ts";
import { listPage, matchesQuery } from "./list-page.ts";
import { makeVolume } from "./make-volume.ts";
import { checkBackupQuota } from "./quotas.ts";
import type { Backup, Snapshot, Volume } from "./state.ts";

export const BACKUP_ROUTES: Route[] = [
  route("GET", "/backups", (call) => listBackups(call, false)),
  route("GET", "/backups/detail", (call) => listBackups(call, true)),
  route("POST", "/backups", createBackup),
  route("GET", "/backups/{backup_id}", (call) => json({ backup: view(call, find(call)) })),
  route("DELETE", "/backups/{backup_id}", deleteBackup, { policy: "backup:delete" }),
  route("POST", "/backups/{backup_id}/restore", restore, { policy: "backup:restore" }),
];

/** What a backup may be ordered with, and the microversion that brought it. */
const FIELDS: Record<string, string> = {
  volume_id: "3.0",
  container: "3.0",
  name: "3.0",
  description: "3.0",
  incremental: "3.0",
  force: "3.0",
  snapshot_id: "3.0",
  metadata: "3.43",
  availability_zone: "3.51",
};

function listBackups(call: Call, in_detail: boolean): Reply {
  const own = [...call.site.state.backups.values()].filter(
    (backup) =>
      backup.project_id === call.caller.project_id &&
      matchesQuery(call.query, backup, ["name", "status", "volume_id"]),
  );
  const path = in_detail ? "backups/detail" : "backups";
  return listPage(call, "backups", path, own, (backup) =>
    in_detail ? view(call, backup) : { id: backup.id, name: backup.name, links: [] },
  );
}

async function createBackup(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await bodyObject(call, "backup");
  checkFields(call, given);
  const volume = findVolume(call, given.needText("volume_id"));
  enforcePolicy(site, "block-storage", caller, { policy: "backup:create" });
  const snapshot_id = given.text("snapshot_id") ?? null;
  const snapshot = snapshot_id === null ? undefined : site.state.snapshots.get(snapshot_id);
  if (snapshot_id !== null && snapshot === undefined)
    throw new Refusal(404, `Snapshot ${snapshot_id} could not be found.`);
  checkVolume(volume, snapshot, given.flag("force") ?? false);
  const parent = given.flag("incremental") ? latest(call, volume) : undefined;
  checkBackupQuota(site, caller.project_id, volume.size);
  const backup = put(site.state.backups, {
    id: site.newId(),
    name: given.text("name") ?? null,
    description: given.text("description") ?? null,
    project_id: caller.project_id,
    user_id: caller.user_id,
    volume_id: volume.id,
    snapshot_id,
    parent_id: parent?.id ?? null,
    status: "creating",
    size: volume.size,
    availability_zone: given.text("availability_zone") ?? "nova",
    metadata: given.map("metadata") ?? {},
    fail_reason: null,
    created_at: site.nowNaive(),
    updated_at: null,
  });
  const before = volume.status;
  if (snapshot === undefined) volume.status = "backing-up";
  site.background(() => fill(call, backup, volume, before, snapshot));
  return json({ backup: { id: backup.id, name: backup.name, links: [] } }, 202);
}

async function fill(
  { site }: Call,
  backup: Backup,
  volume: Volume,
  before: string,
  snapshot: Snapshot | undefined,
): Promise<void> {
  const { disks } = site;
  try {
    if (snapshot !== undefined) await disks.copy(disks.snapshot(snapshot.id), disks.backup(backup.id));
    else {
      const server_id = volume.attachments[0]?.server_id;
      await site.guests.whileFrozen(server_id, () =>
        disks.copy(disks.volume(volume.id), disks.backup(backup.id)),
      );
    }
    await site.transition();
    backup.status = "available";
  } catch (error) {
    backup.status = "error";
    backup.fail_reason = error instanceof Error ? error.message : String(error);
  }
  if (snapshot === undefined) volume.status = before;
  backup.updated_at = site.nowNaive();
}

function checkFields(call: Call, given: Fields): void {
  for (const key of given.keys()) {
    const since = FIELDS[key];
    if (since !== undefined && call.version.atLeast(since)) continue;
    throw new Refusal(
      400,
      `Invalid input for field/attribute backup. Additional properties are not allowed ('${key}' was unexpected)`,
    );
  }
}

function checkVolume(volume: Volume, snapshot: Snapshot | undefined, force: boolean): void {
  if (snapshot !== undefined || volume.status === "available") return;
  if (volume.status === "in-use" && force) return;
  const detail =
    volume.status === "in-use"
      ? `Backing up an in-use volume must use the force flag.`
      : `Volume to be backed up must be available or in-use, but the current status is "${volume.status}".`;
  throw new Refusal(400, `Invalid volume: ${detail}`);
}

function latest(call: Call, volume: Volume): Backup {
  const [parent] = [...call.site.state.backups.values()]
    .filter((backup) => backup.volume_id === volume.id && backup.status === "available")
    .sort((a, b) => b.created_at.localeCompare(a.created_at));
  if (parent === undefined || parent.size < volume.size) {
    throw new Refusal(
      400,
      "Invalid backup: No backups available to do an incremental backup, or the volume has grown since.",
    );
  }
  return parent;
}

async function restore(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const backup = find(call);
  const given = await bodyObject(call, "restore");
  if (backup.status !== "available")
    throw new Refusal(400, `Invalid backup: Backup status must be available, not ${backup.status}.`);
  const into = given.text("volume_id");
  const volume =
    into === undefined
      ? makeVolume(site, caller, {
          name: given.text("name") ?? `restore_backup_${backup.id}`,
          size: backup.size,
          backup,
        }).volume
      : overwrite(call, backup, findVolume(call, into));
  return json({ restore: { backup_id: backup.id, volume_id: volume.id, volume_name: volume.name } }, 202);
}

function overwrite({ site }: Call, backup: Backup, volume: Volume): Volume {
  if (volume.status !== "available")
    throw new Refusal(400, "Invalid volume: Volume to be restored to must be available");
  if (volume.size < backup.size)
    throw new Refusal(
      400,
      `Invalid volume: volume size ${volume.size} is too small to restore backup of size ${backup.size}.`,
    );
  backup.status = "restoring";
  volume.status = "restoring-backup";
  site.background(async () => {
    await site.transition();
    await site.disks.copy(site.disks.backup(backup.id), site.disks.volume(volume.id), volume.size);
    volume.status = "available";
    backup.status = "available";
  });
  return volume;
}

function deleteBackup(call: Call): Reply {
  const { site } = call;
  const backup = find(call);
  if (!["available", "error"].includes(backup.status))
    throw new Refusal(400, "Invalid backup: Backup status must be available or error");
  if (dependents(call, backup).length > 0)
    throw new Refusal(400, "Invalid backup: Incremental backups exist for this backup.");
  backup.status = "deleting";
  site.background(async () => {
    await site.transition();
    site.state.backups.delete(backup.id);
    await site.disks.remove(site.disks.backup(backup.id));
  });
  return empty(202);
}

function find(call: Call): Backup {
  const id = param(call, "backup_id");
  const backup = call.site.state.backups.get(id);
  if (backup === undefined || (backup.project_id !== call.caller.project_id && !call.caller.is_admin))
    throw new Refusal(404, `Backup ${id} could not be found.`);
  return backup;
}

function dependents(call: Call, backup: Backup): Backup[] {
  return [...call.site.state.backups.values()].filter(({ parent_id }) => parent_id === backup.id);
}

function view(call: Call, backup: Backup): Record<string, unknown> {
  const { parent_id, project_id, user_id, metadata, ...shown } = backup;
  return {
    ...shown,
    container: "volumebackups",
    object_count: backup.status === "available" ? 1 : 0,
    is_incremental: parent_id !== null,
    has_dependent_backups: dependents(call, backup).length > 0,
    data_timestamp: backup.created_at,
    links: [],
    ...(call.version.atLeast("3.43") ? { metadata } : {}),
    ...(call.version.atLeast("3.56") ? { user_id } : {}),
    ...(call.caller.is_admin ? { "os-backup-project-attr:project_id": project_id } : {}),
  };
}
