import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** A volume on its way to another project of the same site. */
export interface VolumeTransfer {
  id: string;
  name: string | null;
  volume_id: string;
  created_at?: string;
}

export interface OfferedVolume extends VolumeTransfer {
  /** Whoever has it and the id takes the volume; Cinder shows it only now. Never log it. */
  auth_key: string;
  degraded: readonly Degraded[];
}

const LATER = "/volume-transfers";
const FIRST = "/os-volume-transfer";

/**
 * Offers a detached volume to whoever is given the id and the key; the volume is `awaiting-transfer` until then.
 *
 * @throws OpenStackError 400 the volume is in use
 * @throws NotOffered an encrypted volume at a site that is too old for it
 * @see https://docs.openstack.org/api-ref/block-storage/v3/#volume-transfers-volume-transfers-3-55-or-later
 */
export async function offerVolume(
  cinder: ServiceClient,
  { encrypted = false, ...transfer }: { volume_id: string; name: string; encrypted?: boolean },
): Promise<OfferedVolume> {
  const { microversion, ways, degraded } = negotiate(
    cinder,
    "transfer_volume.snapshots",
    ...(encrypted ? (["transfer_volume.encrypted"] as const) : []),
  );
  const path = ways["transfer_volume.snapshots"] === "together" ? LATER : FIRST;
  const body = { transfer };
  const made = await cinder.post<VolumeTransfer & { auth_key: string }>(path, {
    body,
    microversion,
    unwrap: "transfer",
  });
  return { ...made, degraded };
}

/** Takes the volume into the client's own project. @throws OpenStackError 400 wrong key, 404, 413 quota */
export async function acceptVolume(cinder: ServiceClient, id: string, auth_key: string): Promise<void> {
  const { microversion, path } = wayOf(cinder);
  await cinder.post(`${path}/${id}/accept`, { body: { accept: { auth_key } }, microversion });
}

/** Takes the offer back. @throws OpenStackError 404 it was accepted, or is gone */
export async function withdrawVolume(cinder: ServiceClient, id: string): Promise<void> {
  const { microversion, path } = wayOf(cinder);
  await cinder.delete(`${path}/${id}`, { microversion });
}

function wayOf(cinder: ServiceClient): { microversion: string | undefined; path: string } {
  const { microversion, ways } = negotiate(cinder, "transfer_volume.snapshots");
  return { microversion, path: ways["transfer_volume.snapshots"] === "together" ? LATER : FIRST };
}
