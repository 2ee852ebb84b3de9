import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { type WaitOptions, waitUntil } from "../service/wait-until.ts";

/** Glance wants this very type for its JSON patches. */
const PATCH_TYPE = "application/openstack-images-v2.1-json-patch";

/** An image; properties that somebody set are fields beside Glance's own, always strings. */
export interface Image {
  id: string;
  name: string | null;
  status: string;
  visibility: "public" | "private" | "shared" | "community";
  owner: string | null;
  protected: boolean;
  os_hidden?: boolean;
  disk_format: string | null;
  container_format: string | null;
  /** bytes as stored; null before the data is there, 0 for the image of a volume-backed server */
  size: number | null;
  /** bytes as a disk, where Glance knows */
  virtual_size?: number | null;
  /** MD5 of the data, or null on sites that no longer make it */
  checksum: string | null;
  /** `sha512` by default, from Rocky (2.7) on; the digest is known once the image is active. */
  os_hash_algo?: string | null;
  os_hash_value?: string | null;
  /** GiB */
  min_disk: number;
  /** MiB */
  min_ram: number;
  tags: string[];
  created_at: string;
  updated_at: string;
  [property: string]: unknown;
}

/**
 * Yields pages of the images that this project may use: its own, public and shared ones. `query` filters by any property.
 */
export function listImages(glance: ServiceClient, options: ListOptions = {}): AsyncGenerator<Image[], void> {
  return listPages<Image>(glance, { ...options, path: "/images", key: "images" });
}

/** @throws OpenStackError 404 no such image */
export function getImage(glance: ServiceClient, id: string): Promise<Image> {
  return glance.get<Image>(`/images/${id}`, { require: "id" });
}

export interface NewImage {
  /** A UUID of ours makes creating it again answer 409 instead of making a second one. */
  id?: string | undefined;
  name: string;
  disk_format: "raw" | "qcow2" | "vmdk" | "vdi" | "vhd" | "iso" | "ami";
  container_format: "bare" | "ovf" | "ami";
  visibility?: "private" | "shared" | "community" | undefined;
  min_disk?: number | undefined;
  min_ram?: number | undefined;
  tags?: readonly string[] | undefined;
  /** Any further property, as strings: `hw_disk_bus`, `os_type`, our own marks. Those starting with `os_glance` are refused. */
  properties?: Readonly<Record<string, string>> | undefined;
}

/** Registers an image without data (`queued`). @throws OpenStackError 409 the id is taken, 413 quota, 403 policy */
export function createImage(glance: ServiceClient, image: NewImage): Promise<Image> {
  const { properties, ...fields } = image;
  return glance.post<Image>("/images", { body: { ...properties, ...fields }, require: "id" });
}

/** Sets properties or Glance's own fields, adding those that are not there yet. */
export function updateImage(
  glance: ServiceClient,
  id: string,
  changes: Readonly<Record<string, string | number | boolean>>,
): Promise<Image> {
  // In JSON patch `add` also replaces what is there, and / and ~ are spelled ~1 and ~0.
  const body = Object.entries(changes).map(([field, value]) => ({
    op: "add",
    path: pointerTo(field),
    value,
  }));
  return patch(glance, id, body);
}

/** @throws OpenStackError 409 when the property is not there */
export function deleteImageProperty(glance: ServiceClient, id: string, property: string): Promise<Image> {
  return patch(glance, id, [{ op: "remove", path: pointerTo(property) }]);
}

/** @throws OpenStackError 403 protected, 409 in use (a volume or server of a copy-on-write backend hangs on it), 404 */
export async function deleteImage(glance: ServiceClient, id: string): Promise<void> {
  await glance.delete(`/images/${id}`);
}

/** Fine when it is there already. @throws OpenStackError 403 somebody else's image, 404, 413 too many tags */
export async function addImageTag(glance: ServiceClient, id: string, tag: string): Promise<void> {
  await glance.put(`/images/${id}/tags/${encodeURIComponent(tag)}`);
}

/** @throws OpenStackError 403 somebody else's image, 404 no such image or tag */
export async function deleteImageTag(glance: ServiceClient, id: string, tag: string): Promise<void> {
  await glance.delete(`/images/${id}/tags/${encodeURIComponent(tag)}`);
}

/**
 * Waits until the image is `active`.
 * @throws ResourceFailed it was killed or deleted, went away (Nova deletes a failed one), or took too long
 */
export function waitForImage(
  glance: ServiceClient,
  id: string,
  options: WaitOptions<Image> = {},
): Promise<Image> {
  return waitUntil(
    {
      resource: "image",
      id,
      read: () => getImage(glance, id),
      status: (image) => image.status,
      done: (image) => image.status === "active",
      failed: (image) =>
        ["killed", "deleted", "pending_delete", "deactivated"].includes(image.status)
          ? "the site's image service gave up on it."
          : undefined,
    },
    options,
  );
}

function patch(glance: ServiceClient, id: string, body: unknown): Promise<Image> {
  return glance.patch<Image>(`/images/${id}`, {
    body,
    headers: { "content-type": PATCH_TYPE },
    require: "id",
  });
}

function pointerTo(field: string): string {
  return `/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
