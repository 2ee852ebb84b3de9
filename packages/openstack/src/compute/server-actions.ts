import type { ServiceClient } from "../service/service-client.ts";

/** @throws OpenStackError 409 when it is not SHUTOFF or another task is under way */
export function startServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { "os-start": null });
}

/** Asks the guest to shut down, then cuts its power after the site's own time-out. @throws OpenStackError 409 not ACTIVE */
export function stopServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { "os-stop": null });
}

export function rebootServer(nova: ServiceClient, id: string, type: "SOFT" | "HARD" = "SOFT"): Promise<void> {
  return act(nova, id, { reboot: { type } });
}

export function pauseServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { pause: null });
}

export function unpauseServer(nova: ServiceClient, id: string): Promise<void> {
  return act(nova, id, { unpause: null });
}

/**
 * Locks the server against its owner's changes (admins still can). The owner may lock and unlock it.
 * The reason is kept from 2.73 on; an older site locks without one, and the result says so.
 */
export async function lockServer(
  nova: ServiceClient,
  id: string,
  reason?: string,
): Promise<{ reason_kept: boolean }> {
  const reason_kept = reason !== undefined && nova.supports("2.73");
  const microversion = reason_kept ? "2.73" : undefined;
  await act(nova, id, { lock: reason_kept ? { locked_reason: reason } : null }, microversion);
  return { reason_kept };
}

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
 * From 2.45 the answer names the image; before, its `Location` header does.
 *
 * @returns the image's id; it is `queued`, then `saving`, then `active`
 * @throws OpenStackError 403 quota or policy, 409 while another task is under way
 */
export async function createServerImage(
  nova: ServiceClient,
  id: string,
  image: NewServerImage,
): Promise<string> {
  const microversion = nova.supports("2.45") ? "2.45" : undefined;
  const body = { createImage: { name: image.name, metadata: image.metadata ?? {} } };
  const path = `/servers/${id}/action`;
  if (microversion !== undefined) {
    return await nova.post<string>(path, { body, microversion, unwrap: "image_id" });
  }
  const { headers } = await nova.request("POST", path, { body });
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
