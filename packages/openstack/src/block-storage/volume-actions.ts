import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** A volume made from raw data is not bootable until somebody says so. */
export function setBootable(cinder: ServiceClient, id: string, bootable: boolean): Promise<void> {
  return act(cinder, id, { "os-set_bootable": { bootable } });
}

/** Firmware, machine type, bus and guest agent hints that Nova reads when it boots from this volume. */
export function setVolumeImageMetadata(
  cinder: ServiceClient,
  id: string,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  return act(cinder, id, { "os-set_image_metadata": { metadata } });
}

/** A read-only volume is attached so that guests cannot write it; while it is in use nothing changes. */
export function setVolumeReadonly(cinder: ServiceClient, id: string, readonly: boolean): Promise<void> {
  return act(cinder, id, { "os-update_readonly_flag": { readonly } });
}

/**
 * Grows it; in use where site and backend can. Size in GiB.
 * @throws OpenStackError 400 in use at a site that is too old for it
 */
export async function extendVolume(
  cinder: ServiceClient,
  id: string,
  size: number,
): Promise<readonly Degraded[]> {
  const { microversion, degraded } = negotiate(cinder, "extend_volume.in_use");
  await act(cinder, id, { "os-extend": { new_size: size } }, microversion);
  return degraded;
}

export interface VolumeToImage {
  image_name: string;
  disk_format?: "raw" | "qcow2" | "vmdk" | "vdi" | undefined;
  container_format?: "bare" | undefined;
  /** Also while the volume is in use: sites forbid that by default (`enable_force_upload`). */
  force?: boolean | undefined;
}

/**
 * Starts writing the volume's bytes into a new image of the same project; the volume is `uploading` meanwhile.
 *
 * Where it fails on the way, Cinder deletes the image: `waitForImage` then throws `ResourceFailed` of kind `gone`. Seen
 * with 2025.1, whose Cinder sends 1 MiB HTTP chunks, and a Glance under uWSGI with the default `chunked-input-limit`.
 *
 * @returns the image's id; wait for it to be `active`
 * @throws OpenStackError 400 in use or wrong status, 413 image quota
 */
export async function uploadVolumeToImage(
  cinder: ServiceClient,
  id: string,
  image: VolumeToImage,
): Promise<string> {
  const { disk_format = "raw", container_format = "bare", force = false, image_name } = image;
  const body = { "os-volume_upload_image": { image_name, disk_format, container_format, force } };
  const started = await cinder.post<{ image_id: string }>(`/volumes/${id}/action`, {
    body,
    unwrap: "os-volume_upload_image",
  });
  return started.image_id;
}

/** Adds or overwrites these keys and leaves the others. */
export async function setVolumeMetadata(
  cinder: ServiceClient,
  id: string,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await cinder.post(`/volumes/${id}/metadata`, { body: { metadata }, idempotent: true });
}

/** @throws OpenStackError 404 no such volume or key */
export async function deleteVolumeMetadataKey(cinder: ServiceClient, id: string, key: string): Promise<void> {
  await cinder.delete(`/volumes/${id}/metadata/${encodeURIComponent(key)}`);
}

async function act(
  cinder: ServiceClient,
  id: string,
  body: Record<string, unknown>,
  microversion?: string,
): Promise<void> {
  await cinder.post(`/volumes/${id}/action`, { body, microversion });
}
