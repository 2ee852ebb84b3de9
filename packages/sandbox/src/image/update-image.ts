import { isObject } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { type Call, param } from "../http/route.ts";
import { checkFormat, readProperty, readVisibility } from "./create-image.ts";
import { findOwnImage } from "./find-image.ts";
import type { Image } from "./state.ts";
import { BASE_ATTRIBUTES, READ_ONLY_ATTRIBUTES, viewImage } from "./view.ts";

const PATCH_TYPES = [
  "application/openstack-images-v2.1-json-patch",
  "application/openstack-images-v2.0-json-patch",
];

interface Change {
  op: "add" | "replace" | "remove";
  name: string;
  value: unknown;
}

/** All changes or none: they are made on a copy. */
export async function updateImage(call: Call): Promise<Reply> {
  const type = call.exchange.header("content-type")?.split(";")[0]?.trim() ?? "";
  if (!PATCH_TYPES.includes(type)) {
    throw new Refusal(415, `The request media type ${type} is not supported by this server.`, {
      headers: { "Accept-Patch": [...PATCH_TYPES].reverse().join(", ") },
    });
  }
  const image = findOwnImage(call.site, call.caller, param(call, "image_id"), "modify_image");
  const changes = readChanges(await call.exchange.json());
  const changed = structuredClone(image);
  for (const change of changes) apply(call, changed, change);
  Object.assign(image, changed, { updated_at: call.site.now() });
  return json(viewImage(call.site, image));
}

function readChanges(body: unknown): Change[] {
  if (!Array.isArray(body)) throw new Refusal(400, "Request body must be a JSON array of operation objects.");
  return body.map((raw: unknown) => {
    if (!isObject(raw)) throw new Refusal(400, "Operations must be JSON objects.");
    const op = raw["op"];
    if (op !== "add" && op !== "replace" && op !== "remove") {
      throw new Refusal(400, `Operations must be one of add, remove, replace; got ${String(op)}.`);
    }
    const path = String(raw["path"] ?? "");
    if (!/^\/[^/]+$/.test(path)) throw new Refusal(400, `Invalid JSON pointer for this resource: '${path}'.`);
    const name = path.slice(1).replaceAll("~1", "/").replaceAll("~0", "~");
    return { op, name, value: raw["value"] };
  });
}

function apply(call: Call, image: Image, { op, name, value }: Change): void {
  if (READ_ONLY_ATTRIBUTES.has(name) || name === "id")
    throw new Refusal(403, `Attribute '${name}' is read-only.`);
  if (!BASE_ATTRIBUTES.has(name)) {
    const exists = Object.hasOwn(image.properties, name);
    if (op !== "add" && !exists) {
      throw new Refusal(
        409,
        `There was a conflict when trying to complete your request.\n\n Property ${name} does not exist.`,
      );
    }
    if (op === "remove") delete image.properties[name];
    else image.properties[name] = readProperty(name, value);
    return;
  }
  if (op === "remove") throw new Refusal(403, `Property ${name} may not be removed.`);
  switch (name) {
    case "name":
      image.name = value === null ? null : readProperty(name, value);
      return;
    case "visibility":
      image.visibility = readVisibility(call, readProperty(name, value));
      return;
    case "protected":
    case "os_hidden":
      if (typeof value !== "boolean") throw new Refusal(400, `'${String(value)}' is not of type 'boolean'`);
      image[name] = value;
      return;
    case "min_disk":
    case "min_ram":
      if (!Number.isInteger(value)) throw new Refusal(400, `'${String(value)}' is not of type 'integer'`);
      image[name] = Number(value);
      return;
    case "disk_format":
    case "container_format":
      if (image.status !== "queued")
        throw new Refusal(403, `Attribute ${name} can be only replaced for a queued image.`);
      image[name] = checkFormat(name, readProperty(name, value));
      return;
    case "tags":
      if (!Array.isArray(value)) throw new Refusal(400, "'tags' is not of type 'array'");
      image.tags = [...new Set(value.map(String))];
      return;
    case "owner":
      if (!call.caller.is_admin)
        throw new Refusal(403, "You are not permitted to modify 'owner' on this image.");
      image.owner = readProperty(name, value);
      return;
    default:
      throw new Refusal(403, `Attribute '${name}' is reserved.`);
  }
}
