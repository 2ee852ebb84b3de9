import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** @throws OpenStackError 409 when it is not SHUTOFF or another task is under way */
export function startServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { "os-start": null });
}

/** Asks the guest to shut down, then cuts its power after the site's own time-out. @throws OpenStackError 409 not ACTIVE */
export function stopServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { "os-stop": null });
}

/**
 * SOFT asks the guest, HARD cuts its power; HARD also revives a server in ERROR.
 * @throws OpenStackError 409 locked, or a task is under way
 */
export function rebootServer(nova: ServiceClient, id: string, type: "SOFT" | "HARD" = "SOFT"): Promise<void> {
  return act(nova, id, { reboot: { type } });
}

/** Stops the processors and keeps the memory. @throws OpenStackError 409 not ACTIVE, or locked */
export function pauseServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { pause: null });
}

/** @throws OpenStackError 409 not PAUSED, or locked */
export function unpauseServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { unpause: null });
}

/**
 * Locks the server against its owner's changes (admins still can). The owner may lock and unlock it.
 * An older site locks without the reason, and the notes say so.
 */
export async function lockServer(
  nova: ServiceClient,
  id: string,
  reason?: string,
): Promise<readonly Degraded[]> {
  if (reason === undefined) {
    await act(nova, id, { lock: null });
    return [];
  }
  const { microversion, ways, degraded } = negotiate(nova, "lock_server.reason");
  const told = ways["lock_server.reason"] === "reason";
  await act(nova, id, { lock: told ? { locked_reason: reason } : null }, microversion);
  return degraded;
}

/** Fine when it is not locked. @throws OpenStackError 403 an administrator locked it */
export function unlockServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { unlock: null });
}

export interface NewServerImage {
  name: string;
  metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts an image of the server's root disk. For a server booted from a volume Nova snapshots ALL its volumes
 * (freezing the guest through its agent where it can) and the image holds no bytes but `block_device_mapping`.
 *
 * @returns the image's id; it is `queued`, then `saving`, then `active`
 * @throws OpenStackError 403 quota or policy, 409 while another task is under way
 */
export async function createServerImage(
  nova: ServiceClient,
  id: string,
  image: NewServerImage,
): Promise<string> {
  const { microversion, ways } = negotiate(nova, "create_server_image.id");
  const body = { createImage: { name: image.name, metadata: image.metadata ?? {} } };
  const path = `/servers/${id}/action`;
  if (ways["create_server_image.id"] === "body")
    return await nova.post<string>(path, { body, microversion, unwrap: "image_id" });
  const { headers } = await nova.request("POST", path, { body, microversion });
  const image_id = headers["location"]?.split("/").at(-1);
  if (image_id === undefined) throw new Error(`Nova made an image of server ${id} but did not say which.`);
  return image_id;
}

/** Last lines of the serial console. @throws OpenStackError 404 or 409 when there is none yet */
export function getConsoleOutput(nova: ServiceClient, id: string, lines: number): Promise<string> {
  const body = { "os-getConsoleOutput": { length: lines } };
  return nova.post<string>(`/servers/${id}/action`, { body, unwrap: "output" });
}

async function act(
  nova: ServiceClient,
  id: string,
  body: Record<string, unknown>,
  microversion?: string,
): Promise<void> {
  await nova.post(`/servers/${id}/action`, { body, microversion });
}
