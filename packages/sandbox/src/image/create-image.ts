import { enforcePolicy } from "../faults/policy.ts";
import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import type { Image, Visibility } from "./state.ts";
import { BASE_ATTRIBUTES, READ_ONLY_ATTRIBUTES, viewImage } from "./view.ts";

export const DISK_FORMATS = [
  "ami",
  "ari",
  "aki",
  "vhd",
  "vhdx",
  "vmdk",
  "raw",
  "qcow2",
  "vdi",
  "iso",
  "ploop",
];
export const CONTAINER_FORMATS = ["ami", "ari", "aki", "bare", "ovf", "ova", "docker", "compressed"];
const VISIBILITIES = ["public", "private", "shared", "community"];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function createImage(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await call.body();
  for (const key of given.keys()) {
    if (READ_ONLY_ATTRIBUTES.has(key)) throw new Refusal(403, `Attribute '${key}' is read-only.`);
  }
  const id = given.text("id") ?? site.newId();
  if (!UUID.test(id)) throw schemaError("id", id, "does not match the pattern of a UUID");
  enforcePolicy(site, "image", caller, { policy: "add_image" });
  if (site.state.images.has(id)) throw new Refusal(409, `Image ID ${id} already exists!`);
  const visibility = readVisibility(call, given.text("visibility") ?? "shared");
  const owner = caller.is_admin ? (given.text("owner") ?? caller.project_id) : caller.project_id;
  const image = put(site.state.images, {
    ...blankImage(site, owner),
    id,
    name: given.text("name") ?? null,
    visibility,
    protected: given.flag("protected") ?? false,
    os_hidden: given.flag("os_hidden") ?? false,
    disk_format: oneOf("disk_format", given.text("disk_format"), DISK_FORMATS),
    container_format: oneOf("container_format", given.text("container_format"), CONTAINER_FORMATS),
    min_disk: given.integer("min_disk") ?? 0,
    min_ram: given.integer("min_ram") ?? 0,
    tags: [...new Set(given.texts("tags") ?? [])],
    properties: readProperties(given),
  });
  return json(viewImage(call.site, image), 201, {
    Location: `${call.root}/images/${image.id}`,
    "OpenStack-image-import-methods": "glance-direct,web-download",
    "OpenStack-image-store-ids": "sandbox",
  });
}

/** A queued image without bytes, for the service's own callers too: Nova and Cinder make images as well. */
export function blankImage(site: Site, owner: string): Image {
  return {
    id: site.newId(),
    name: null,
    status: "queued",
    visibility: "shared",
    owner,
    protected: false,
    os_hidden: false,
    disk_format: null,
    container_format: null,
    min_disk: 0,
    min_ram: 0,
    size: null,
    virtual_size: null,
    checksum: null,
    os_hash_algo: null,
    os_hash_value: null,
    tags: [],
    properties: {},
    created_at: site.now(),
    updated_at: site.now(),
  };
}

export function readVisibility(call: Call, value: string): Visibility {
  if (!VISIBILITIES.includes(value))
    throw schemaError("visibility", value, `is not one of ${list(VISIBILITIES)}`);
  if (value === "public")
    enforcePolicy(call.site, "image", call.caller, { policy: "publicize_image", admin: true });
  if (value === "community") enforcePolicy(call.site, "image", call.caller, { policy: "communitize_image" });
  return value as Visibility;
}

export function checkFormat(key: "disk_format" | "container_format", value: string): string {
  return oneOf(key, value, key === "disk_format" ? DISK_FORMATS : CONTAINER_FORMATS) ?? value;
}

function readProperties(given: Fields): Record<string, string> {
  const names = given.keys().filter((key) => !BASE_ATTRIBUTES.has(key));
  return Object.fromEntries(names.map((name) => [name, readProperty(name, given.raw(name))]));
}

export function readProperty(name: string, value: unknown): string {
  if (typeof value !== "string") throw schemaError(name, String(value), "is not of type 'string'");
  return value;
}

function oneOf(key: string, value: string | undefined, allowed: string[]): string | null {
  if (value === undefined) return null;
  if (!allowed.includes(value)) throw schemaError(key, value, `is not one of [None, ${list(allowed)}]`);
  return value;
}

function list(values: string[]): string {
  return values.map((value) => `'${value}'`).join(", ");
}

function schemaError(key: string, value: string, problem: string): Refusal {
  return new Refusal(
    400,
    `Provided object does not match schema 'image': '${value}' ${problem}  Failed validating in schema['properties']['${key}']`,
  );
}
