import type { Site } from "../site.ts";
import type { Image } from "./state.ts";

/** Attributes of the schema; everything else in a request is a free property. */
export const BASE_ATTRIBUTES = new Set([
  "id",
  "name",
  "status",
  "visibility",
  "owner",
  "protected",
  "os_hidden",
  "disk_format",
  "container_format",
  "min_disk",
  "min_ram",
  "size",
  "virtual_size",
  "checksum",
  "os_hash_algo",
  "os_hash_value",
  "tags",
  "created_at",
  "updated_at",
  "locations",
  "direct_url",
  "self",
  "file",
  "schema",
  "stores",
]);

export const READ_ONLY_ATTRIBUTES = new Set([
  "status",
  "size",
  "virtual_size",
  "checksum",
  "os_hash_algo",
  "os_hash_value",
  "created_at",
  "updated_at",
  "direct_url",
  "self",
  "file",
  "schema",
]);

/** Came with 2.7 (Rocky): there is no microversion to ask for, the release has them or not. */
const WITH_HASHES_SINCE_MINOR = 7;

export function viewImage(site: Site, image: Image): Record<string, unknown> {
  const { properties, os_hidden, os_hash_algo, os_hash_value, ...base } = image;
  const has_hashes = site.release.image_max_minor >= WITH_HASHES_SINCE_MINOR;
  return {
    ...properties,
    ...base,
    ...(has_hashes ? { os_hidden, os_hash_algo, os_hash_value } : {}),
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: "/v2/schemas/image",
  };
}
