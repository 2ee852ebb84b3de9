import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

/**
 * Sets a detached volume back to its latest snapshot; what was written since is gone. Wait for it to be `available`.
 *
 * @throws OpenStackError 400 not the latest snapshot, or the volume is in use; 403 policy
 * @throws NotOffered the site is too old for it
 * @see https://docs.openstack.org/api-ref/block-storage/v3/#revert-volume-to-snapshot
 */
export async function revertVolume(cinder: ServiceClient, id: string, snapshot_id: string): Promise<void> {
  const { microversion } = negotiate(cinder, "revert_volume.snapshot");
  await cinder.post(`/volumes/${id}/action`, { body: { revert: { snapshot_id } }, microversion });
}

/**
 * Writes an image over a detached volume, which stays the same volume. Wait for it to be `available`.
 *
 * @throws OpenStackError 400 the image is larger, or the volume is in use; 403 policy
 * @throws NotOffered the site is too old for it
 * @see https://docs.openstack.org/api-ref/block-storage/v3/#reimage-a-volume
 */
export async function reimageVolume(cinder: ServiceClient, id: string, image_id: string): Promise<void> {
  const { microversion } = negotiate(cinder, "reimage_volume.image");
  await cinder.post(`/volumes/${id}/action`, { body: { "os-reimage": { image_id } }, microversion });
}
