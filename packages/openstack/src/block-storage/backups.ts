import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type WaitOptions, waitUntil, waitUntilGone } from "../service/wait-until.ts";

/** A copy of a volume in the site's backup store. @see https://docs.openstack.org/api-ref/block-storage/v3/#backups-backups */
export interface Backup {
  id: string;
  name: string | null;
  description: string | null;
  /** `creating`, `available`, `restoring`, `deleting`, `error`, `error_deleting` */
  status: string;
  /** GiB, of the volume */
  size: number;
  volume_id: string;
  snapshot_id: string | null;
  is_incremental: boolean;
  /** Incremental ones that build upon it, which have to go first. */
  has_dependent_backups: boolean;
  availability_zone: string | null;
  container: string | null;
  object_count: number;
  fail_reason: string | null;
  created_at: string;
  updated_at: string | null;
  /** The point in time that it shows, where it is of a snapshot. */
  data_timestamp?: string;
  /** From 3.43. */
  metadata?: Record<string, string>;
}

/** Cinder tells marks of a backup to whoever asks in the version that brought them. */
const readingOf = (cinder: ServiceClient) => negotiate(cinder, "create_backup.metadata").microversion;

/** Yields pages of the project's backups with all details. `query` filters by `volume_id`, `name`, `status`. */
export function listBackups(
  cinder: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Backup[], void> {
  const microversion = readingOf(cinder);
  return listPages<Backup>(cinder, { ...options, path: "/backups/detail", key: "backups", microversion });
}

/** @throws OpenStackError 404 no such backup */
export function getBackup(cinder: ServiceClient, id: string): Promise<Backup> {
  return cinder.get<Backup>(`/backups/${id}`, { microversion: readingOf(cinder), unwrap: "backup" });
}

export interface NewBackup {
  volume_id: string;
  name: string;
  description?: string | undefined;
  /** Of this point in time instead of now. */
  snapshot_id?: string | undefined;
  /** Only what changed since the volume's latest backup. */
  incremental?: boolean | undefined;
  /** Also while the volume is in use: crash-consistent. */
  force?: boolean | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  availability_zone?: string | undefined;
}

export interface StartedBackup {
  id: string;
  /** Wishes that this site is too old for. */
  degraded: readonly Degraded[];
}

/**
 * Starts a backup; wait with `waitForBackup`.
 *
 * Not idempotent: after a lost answer look for it by its metadata or name before asking again.
 * @throws OpenStackError 400 incremental without a backup to build upon, or the volume is in use and `force` is not
 *   set; 413 quota; 404 or 503 where the site has no backup service
 */
export async function createBackup(cinder: ServiceClient, backup: NewBackup): Promise<StartedBackup> {
  const { metadata, availability_zone, ...plain } = backup;
  const { microversion, ways, degraded } = negotiate(
    cinder,
    ...(metadata === undefined ? [] : (["create_backup.metadata"] as const)),
    ...(availability_zone === undefined ? [] : (["create_backup.availability_zone"] as const)),
  );
  const marks = ways["create_backup.metadata"] === "field" ? { metadata } : {};
  const zone = ways["create_backup.availability_zone"] === "field" ? { availability_zone } : {};
  const body = { backup: { ...plain, ...marks, ...zone } };
  const { id } = await cinder.post<{ id: string }>("/backups", { body, microversion, unwrap: "backup" });
  return { id, degraded };
}

/**
 * Writes a backup over a volume that is there. Wait for the volume to be `available` again.
 * @throws OpenStackError 400 the volume is smaller than the backup or in use
 */
export async function restoreBackup(cinder: ServiceClient, id: string, volume_id: string): Promise<void> {
  await cinder.post(`/backups/${id}/restore`, { body: { restore: { volume_id } } });
}

/** @throws OpenStackError 400 incremental backups build upon it, 404 */
export async function deleteBackup(cinder: ServiceClient, id: string): Promise<void> {
  await cinder.delete(`/backups/${id}`);
}

/** Waits until it is `available`. @throws ResourceFailed with Cinder's own reason */
export function waitForBackup(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<Backup> = {},
): Promise<Backup> {
  return waitUntil({ ...watch(cinder, id), done: ({ status }) => status === "available" }, options);
}

/** @throws ResourceFailed it ended in an error, or took too long */
export function waitForBackupGone(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<Backup> = {},
): Promise<void> {
  return waitUntilGone(watch(cinder, id), options);
}

function watch(cinder: ServiceClient, id: string) {
  return {
    resource: "backup",
    id,
    read: () => getBackup(cinder, id),
    status: (backup: Backup) => backup.status,
    failed: (backup: Backup) =>
      backup.status.startsWith("error")
        ? (backup.fail_reason ?? "the site's backup service gave no reason.")
        : undefined,
  };
}
