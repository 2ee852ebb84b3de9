import { unlessMissing } from "../errors/openstack-error.ts";
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

/** Server tags came with 2.26; below, nothing is done and the result is false. A tag holds no `/` and no `,`. */
export async function addServerTag(nova: ServiceClient, id: string, tag: string): Promise<boolean> {
  if (!nova.supports("2.26")) return false;
  await nova.put(`/servers/${id}/tags/${encodeURIComponent(tag)}`, { microversion: "2.26" });
  return true;
}

/** Fine when the tag is not there. */
export async function deleteServerTag(nova: ServiceClient, id: string, tag: string): Promise<void> {
  if (!nova.supports("2.26")) return;
  await unlessMissing(
    nova.delete(`/servers/${id}/tags/${encodeURIComponent(tag)}`, { microversion: "2.26" }),
  );
}
