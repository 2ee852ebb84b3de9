import { unlessMissing } from "../errors/openstack-error.ts";
import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** Nova's limit of a metadata value and key. */
export const METADATA_VALUE_MAX_CHARS = 255;

/** Adds or overwrites these keys and leaves the others. */
export async function setServerMetadata(
  nova: ServiceClient,
  id: string,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await nova.post(`/servers/${id}/metadata`, { body: { metadata }, idempotent: true });
}

/** Fine when the key is not there. */
export async function deleteServerMetadataKey(nova: ServiceClient, id: string, key: string): Promise<void> {
  await unlessMissing(nova.delete(`/servers/${id}/metadata/${encodeURIComponent(key)}`));
}

/** Tags a server, and says so where the site is too old for tags. A tag holds no `/` and no `,`. */
export async function addServerTag(
  nova: ServiceClient,
  id: string,
  tag: string,
): Promise<readonly Degraded[]> {
  const { microversion, ways, degraded } = negotiate(nova, "tag_server.add");
  if (ways["tag_server.add"] === "tag")
    await nova.put(`/servers/${id}/tags/${encodeURIComponent(tag)}`, { microversion });
  return degraded;
}

/** Fine when the tag is not there. */
export async function deleteServerTag(nova: ServiceClient, id: string, tag: string): Promise<void> {
  const { microversion, ways } = negotiate(nova, "tag_server.add");
  if (ways["tag_server.add"] === "none") return;
  await unlessMissing(nova.delete(`/servers/${id}/tags/${encodeURIComponent(tag)}`, { microversion }));
}
