import type { Image } from "./images.ts";

/**
 * The snapshot of the root disk that the image of a volume-backed server stands for; undefined for an image with bytes
 * of its own. Nova leaves it in the property `block_device_mapping`, as JSON text.
 */
export function snapshotOfImage(image: Image): string | undefined {
  const root = readMapping(image["block_device_mapping"]).find((disk) => disk["boot_index"] === 0);
  const id = root?.["snapshot_id"];
  return typeof id === "string" ? id : undefined;
}

function readMapping(property: unknown): Record<string, unknown>[] {
  if (typeof property !== "string") return [];
  try {
    const disks: unknown = JSON.parse(property);
    return Array.isArray(disks) ? disks.filter((disk) => typeof disk === "object" && disk !== null) : [];
  } catch {
    return []; // anybody may set a property of that name
  }
}
