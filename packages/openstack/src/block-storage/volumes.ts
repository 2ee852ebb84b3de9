import { negotiate } from "../negotiation/negotiate.ts";
import { collect, type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type WaitOptions, waitUntil, waitUntilGone } from "../service/wait-until.ts";

export interface Attachment {
  id: string;
  attachment_id: string;
  volume_id: string;
  server_id: string;
  device: string | null;
  attached_at?: string;
}

/** @see https://docs.openstack.org/api-ref/block-storage/v3/#show-a-volume-s-details */
export interface Volume {
  id: string;
  name: string | null;
  description: string | null;
  status: string;
  /** GiB */
  size: number;
  volume_type: string | null;
  availability_zone: string;
  /** The string "true" or "false". */
  bootable: string;
  encrypted: boolean;
  multiattach: boolean;
  snapshot_id: string | null;
  source_volid: string | null;
  created_at: string;
  updated_at: string | null;
  user_id: string;
  metadata: Record<string, string>;
  attachments: Attachment[];
  /** Properties of the image it was made from, firmware and bus hints included. */
  volume_image_metadata?: Record<string, string>;
  "os-vol-tenant-attr:tenant_id"?: string;
}

const FAILED = /^error/;

/** Yields pages of volumes with all details. */
export function listVolumes(
  cinder: ServiceClient,
  options: ListOptions & { all_projects?: boolean | undefined } = {},
): AsyncGenerator<Volume[], void> {
  const { all_projects, ...rest } = options;
  const query = { ...rest.query, all_tenants: all_projects === true ? "1" : undefined };
  return listPages<Volume>(cinder, { ...rest, query, path: "/volumes/detail", key: "volumes" });
}

/**
 * Volumes that carry this metadata. Reads all of the project's: Cinder's own filter differs from release to release.
 */
export async function findVolumesByMetadata(
  cinder: ServiceClient,
  key: string,
  value: string,
): Promise<Volume[]> {
  const all = await collect(listVolumes(cinder));
  return all.filter((volume) => volume.metadata[key] === value);
}

/** @throws OpenStackError 404 no such volume */
export function getVolume(cinder: ServiceClient, id: string): Promise<Volume> {
  return cinder.get<Volume>(`/volumes/${id}`, { unwrap: "volume" });
}

export interface NewVolume {
  name: string;
  /** GiB */
  size: number;
  description?: string | undefined;
  volume_type?: string | undefined;
  availability_zone?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  /** One source at most. */
  imageRef?: string | undefined;
  /**
   * Beside `imageRef`, for the image of a volume-backed server: the snapshot that it stands for (`snapshotOfImage`),
   * which an older site is given instead.
   */
  image_snapshot_id?: string | undefined;
  snapshot_id?: string | undefined;
  source_volid?: string | undefined;
}

/**
 * Starts a volume; wait with `waitForVolume`. The image of a volume-backed server holds no bytes: a newer Cinder finds
 * the snapshot in it, an older one needs `image_snapshot_id` or ends in `error`.
 *
 * Not idempotent: after a lost answer look for it by its metadata before asking again.
 * @throws OpenStackError 413 quota, 400 no such volume type or a size below the image's
 */
export function createVolume(cinder: ServiceClient, volume: NewVolume): Promise<Volume> {
  const { image_snapshot_id, ...plain } = volume;
  if (plain.imageRef === undefined) return post(cinder, plain);
  const { microversion, ways } = negotiate(cinder, "create_volume.server_image");
  if (ways["create_volume.server_image"] === "image" || image_snapshot_id === undefined)
    return post(cinder, plain, microversion);
  return post(cinder, { ...plain, imageRef: undefined, snapshot_id: image_snapshot_id }, microversion);
}

function post(cinder: ServiceClient, volume: Omit<NewVolume, "image_snapshot_id">, microversion?: string) {
  return cinder.post<Volume>("/volumes", { body: { volume }, microversion, unwrap: "volume" });
}

/** @throws OpenStackError 404 no such volume */
export async function updateVolume(
  cinder: ServiceClient,
  id: string,
  volume: { name?: string; description?: string },
): Promise<void> {
  await cinder.put(`/volumes/${id}`, { body: { volume } });
}

/** @throws OpenStackError 400 in use or with snapshots, 404 */
export async function deleteVolume(cinder: ServiceClient, id: string): Promise<void> {
  await cinder.delete(`/volumes/${id}`);
}

/**
 * Waits for a status: `available`, `in-use`…
 * @throws ResourceFailed on any `error…` status, or when it took too long
 */
export function waitForVolume(
  cinder: ServiceClient,
  id: string,
  status: string,
  options: WaitOptions<Volume> = {},
): Promise<Volume> {
  const done = (volume: Volume) => volume.status === status;
  return waitUntil({ ...watch(cinder, id), done }, options);
}

/** @throws ResourceFailed it ended in an error or its storage was busy (retryable), or it took too long */
export function waitForVolumeGone(
  cinder: ServiceClient,
  id: string,
  options: WaitOptions<Volume> = {},
): Promise<void> {
  return waitUntilGone(watch(cinder, id), options);
}

function watch(cinder: ServiceClient, id: string) {
  return {
    resource: "volume",
    id,
    read: () => getVolume(cinder, id),
    status: (volume: Volume) => volume.status,
    failed: (volume: Volume) =>
      FAILED.test(volume.status)
        ? "the site's block storage gave up; its messages or logs know why."
        : undefined,
  };
}
