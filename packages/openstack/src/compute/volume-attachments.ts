import type { ServiceClient } from "../service/service-client.ts";

/**
 * Up to 2.88 an attachment has an `id` (the volume's); 2.79 shows `delete_on_termination`, 2.70 the tag.
 * Above 2.100 attaching answers 202 without a body, so nothing newer is asked for.
 */
const READ = "2.79";

export interface VolumeAttachment {
  volumeId: string;
  serverId: string;
  device: string;
  /** From 2.79. */
  delete_on_termination?: boolean;
  /** From 2.70. */
  tag?: string | null;
}

export function listVolumeAttachments(nova: ServiceClient, server_id: string): Promise<VolumeAttachment[]> {
  const path = `/servers/${server_id}/os-volume_attachments`;
  return nova.get(path, { microversion: nova.best(READ), unwrap: "volumeAttachments" });
}

/** @throws OpenStackError 404 the volume is not attached to this server */
export function getVolumeAttachment(
  nova: ServiceClient,
  server_id: string,
  volume_id: string,
): Promise<VolumeAttachment> {
  const path = `/servers/${server_id}/os-volume_attachments/${volume_id}`;
  return nova.get(path, { microversion: nova.best(READ), unwrap: "volumeAttachment" });
}

export interface NewVolumeAttachment {
  volume_id: string;
  /** A wish; most hypervisors choose themselves. */
  device?: string | undefined;
  /** From 2.79; an older site keeps the volume when the server is deleted. */
  delete_on_termination?: boolean | undefined;
  /** From 2.49. */
  tag?: string | undefined;
}

/**
 * Attaches a volume; the device then appears inside the guest. Wait for the volume to be `in-use`.
 *
 * @throws OpenStackError 404 no such server or volume, 400 or 409 volume already in use
 * @see https://docs.openstack.org/api-ref/compute/#attach-a-volume-to-an-instance
 */
export function attachVolume(
  nova: ServiceClient,
  server_id: string,
  attachment: NewVolumeAttachment,
): Promise<VolumeAttachment> {
  const { volume_id: volumeId, device, delete_on_termination, tag } = attachment;
  const ends_with_server = nova.supports("2.79") ? { delete_on_termination } : {};
  const tagged = nova.supports("2.49") ? { tag } : {};
  const body = { volumeAttachment: { volumeId, device, ...ends_with_server, ...tagged } };
  const path = `/servers/${server_id}/os-volume_attachments`;
  return nova.post(path, { body, microversion: nova.best(READ), unwrap: "volumeAttachment" });
}

/** Asks the guest to let go of it; takes many seconds on a running one. Wait for the volume to be `available`. */
export async function detachVolume(nova: ServiceClient, server_id: string, volume_id: string): Promise<void> {
  await nova.delete(`/servers/${server_id}/os-volume_attachments/${volume_id}`);
}
