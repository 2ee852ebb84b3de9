import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface VolumeAttachment {
  volumeId: string;
  serverId: string;
  device: string;
  /** From 2.79. */
  delete_on_termination?: boolean;
  /** From 2.70. */
  tag?: string | null;
  /** Its id at Cinder, from 2.89. */
  attachment_id?: string;
  /** From 2.89. */
  bdm_uuid?: string;
}

/**
 * In the order in which they were attached; what an older site does not tell is absent.
 * @throws OpenStackError 404 no such server
 */
export function listVolumeAttachments(nova: ServiceClient, server_id: string): Promise<VolumeAttachment[]> {
  const path = `/servers/${server_id}/os-volume_attachments`;
  const { microversion } = negotiate(nova, "read_attachment.details");
  return nova.get(path, { microversion, unwrap: "volumeAttachments" });
}

/** @throws OpenStackError 404 the volume is not attached to this server */
export function getVolumeAttachment(
  nova: ServiceClient,
  server_id: string,
  volume_id: string,
): Promise<VolumeAttachment> {
  const path = `/servers/${server_id}/os-volume_attachments/${volume_id}`;
  const { microversion } = negotiate(nova, "read_attachment.details");
  return nova.get(path, { microversion, unwrap: "volumeAttachment" });
}

export interface NewVolumeAttachment {
  volume_id: string;
  /** A wish; most hypervisors choose themselves. */
  device?: string | undefined;
  /** An older site keeps the volume when the server is deleted. */
  delete_on_termination?: boolean | undefined;
  tag?: string | undefined;
  /** True where several servers may attach the volume (`multiattach` of it). */
  multiattach?: boolean | undefined;
}

export interface AttachedVolume {
  attachment: VolumeAttachment;
  /** Wishes that this site is too old for. */
  degraded: readonly Degraded[];
}

/**
 * Attaches a volume; the device then appears inside the guest. Wait for the volume to be `in-use`.
 *
 * @throws OpenStackError 404 no such server or volume, 400 or 409 volume already in use
 * @throws NotOffered a multiattach volume on a site that is too old for it
 * @see https://docs.openstack.org/api-ref/compute/#attach-a-volume-to-an-instance
 */
export async function attachVolume(
  nova: ServiceClient,
  server_id: string,
  { volume_id: volumeId, device, delete_on_termination, tag, multiattach }: NewVolumeAttachment,
): Promise<AttachedVolume> {
  const { microversion, ways, degraded } = negotiate(
    nova,
    "attach_volume.plain",
    ...(delete_on_termination === undefined ? [] : (["attach_volume.delete_on_termination"] as const)),
    ...(tag === undefined ? [] : (["attach_volume.tag"] as const)),
    ...(multiattach === true ? (["attach_volume.multiattach"] as const) : []),
  );
  const fate = ways["attach_volume.delete_on_termination"] === "field" ? { delete_on_termination } : {};
  const tagged = ways["attach_volume.tag"] === "field" ? { tag } : {};
  const body = { volumeAttachment: { volumeId, device, ...fate, ...tagged } };
  const path = `/servers/${server_id}/os-volume_attachments`;
  const attachment = await nova.post<VolumeAttachment>(path, {
    body,
    microversion,
    unwrap: "volumeAttachment",
  });
  // To keep the volume is what an older site does anyway.
  const kept = delete_on_termination === false;
  return {
    attachment,
    degraded: degraded.filter((note) => !(kept && note.operation === "attach_volume.delete_on_termination")),
  };
}

/**
 * Changes whether the volume is deleted with its server; an older site keeps what was said when it was attached, and the
 * notes say so.
 * @throws OpenStackError 404 the volume is not attached to this server
 */
export async function setDeleteOnTermination(
  nova: ServiceClient,
  server_id: string,
  volume_id: string,
  delete_on_termination: boolean,
): Promise<readonly Degraded[]> {
  const { microversion, ways, degraded } = negotiate(nova, "update_attachment.delete_on_termination");
  if (ways["update_attachment.delete_on_termination"] === "none") return degraded;
  const body = { volumeAttachment: { volumeId: volume_id, delete_on_termination } };
  await nova.put(`/servers/${server_id}/os-volume_attachments/${volume_id}`, { body, microversion });
  return degraded;
}

/** Asks the guest to let go of it; takes many seconds on a running one. Wait for the volume to be `available`. */
export async function detachVolume(nova: ServiceClient, server_id: string, volume_id: string): Promise<void> {
  await nova.delete(`/servers/${server_id}/os-volume_attachments/${volume_id}`);
}
