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
  snapshot_id?: string | undefined;
  source_volid?: string | undefined;
}

/**
 * Starts a volume; wait with `waitForVolume`. With `imageRef` 3.46 is asked for, so that the image of a volume-backed
 * server (which holds no bytes) is made from its snapshot; an older site may end in `error` there.
 *
 * Not idempotent: after a lost answer look for it by its metadata before asking again.
 * @throws OpenStackError 413 quota, 400 no such volume type or a size below the image's
 */
export function createVolume(cinder: ServiceClient, volume: NewVolume): Promise<Volume> {
  const microversion = volume.imageRef === undefined ? undefined : cinder.best("3.46");
  return cinder.post<Volume>("/volumes", { body: { volume }, microversion, unwrap: "volume" });
}

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
