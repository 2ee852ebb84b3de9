import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Rebuild {
  /** The image whose bytes replace the root disk's. */
  image_id: string;
  /** Does the server boot from a volume? Then its volume is written, and stays the same volume. */
  is_volume_backed: boolean;
}

/**
 * Writes an image over the server's root disk; id, ports, addresses and other volumes stay. What was on the root disk
 * is gone. Wait with `waitForServer` for the status that it had.
 *
 * @throws OpenStackError 403 quota or policy, 409 locked, or not ACTIVE, SHUTOFF or ERROR
 * @throws NotOffered a volume-backed server on a site that is too old for it: nothing was sent
 * @see https://docs.openstack.org/api-ref/compute/#rebuild-server-rebuild-action
 */
export async function rebuildServer(
  nova: ServiceClient,
  id: string,
  { image_id, is_volume_backed }: Rebuild,
): Promise<void> {
  const microversion = is_volume_backed
    ? negotiate(nova, "rebuild_server.volume_backed").microversion
    : undefined;
  await nova.post(`/servers/${id}/action`, { body: { rebuild: { imageRef: image_id } }, microversion });
}
