import { Fields, isObject } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import type { Call } from "../http/route.ts";
import type { Image } from "../image/state.ts";
import { takesTag } from "./device-tags.ts";

/** One entry of `block_device_mapping_v2` that becomes a volume of the server. */
export interface Mapping {
  boot_index: number | null;
  source_type: "volume" | "snapshot" | "image" | "blank";
  uuid: string | undefined;
  volume_size: number | undefined;
  volume_type: string | undefined;
  delete_on_termination: boolean;
  tag: string | null;
}

/** The mappings of the request, or of the image when it is a snapshot of a volume-backed server. */
export function readMappings(call: Call, given: Fields, image: Image | undefined): Mapping[] {
  const requested = given.objects("block_device_mapping_v2") ?? readLegacy(given);
  const of_image = readImageMappings(image);
  const all = requested.length > 0 ? requested : of_image;
  return all
    .map((entry) => readMapping(call, entry, requested.length > 0))
    .filter((mapping): mapping is Mapping => mapping !== undefined);
}

/** @throws Refusal 400 when nothing, or too much, is there to boot from */
export function checkBoot(mappings: Mapping[], image: Image | undefined): void {
  const boots = mappings.filter((mapping) => mapping.boot_index === 0);
  if (boots.length === 0 && image === undefined) throw new Refusal(400, "Missing imageRef attribute");
  const mapped = boots.some((mapping) => mapping.source_type === "volume") && image !== undefined;
  if (boots.length > 1 || mapped) {
    throw new Refusal(
      400,
      "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping combination is not valid.",
    );
  }
}

function unexpected(field: string): Refusal {
  return new Refusal(
    400,
    `Invalid input for field/attribute 0. Additional properties are not allowed ('${field}' was unexpected)`,
  );
}

function readMapping(call: Call, entry: Fields, of_request: boolean): Mapping | undefined {
  const source_type = entry.needText("source_type");
  const destination = entry.text("destination_type") ?? (source_type === "image" ? "local" : "volume");
  const boot_index = entry.raw("boot_index") === undefined ? null : (entry.integer("boot_index") ?? null);
  // The image on a local disk is what imageRef says already.
  if (destination === "local" && source_type === "image") return undefined;
  if (destination === "local") {
    throw new Refusal(
      400,
      "Block Device Mapping is Invalid: the sandbox has no local swap or ephemeral disks.",
    );
  }
  if (
    source_type !== "volume" &&
    source_type !== "snapshot" &&
    source_type !== "image" &&
    source_type !== "blank"
  ) {
    throw new Refusal(
      400,
      `Invalid input for field/attribute source_type. Value: ${source_type}. '${source_type}' is not one of ['volume', 'image', 'snapshot', 'blank']`,
    );
  }
  const volume_type = entry.text("volume_type");
  if (volume_type !== undefined && !call.version.atLeast("2.67")) throw unexpected("volume_type");
  if (entry.has("tag") && of_request && !takesTag(call.version, "2.32")) throw unexpected("tag");
  return {
    boot_index: boot_index !== null && boot_index < 0 ? null : boot_index,
    source_type,
    uuid: entry.text("uuid") ?? entry.text("snapshot_id") ?? entry.text("volume_id"),
    volume_size: entry.integer("volume_size"),
    volume_type,
    delete_on_termination: entry.flag("delete_on_termination") ?? false,
    tag: entry.text("tag") ?? null,
  };
}

/** `[{"device_name": "vdb", "volume_id": …}]`, the first way to say it. */
function readLegacy(given: Fields): Fields[] {
  return (given.objects("block_device_mapping") ?? []).map((entry, index) => {
    const is_boot = /vda$/.test(entry.text("device_name") ?? "") || (index === 0 && !given.has("imageRef"));
    const snapshot_id = entry.text("snapshot_id");
    return new Fields({
      ...entry.values,
      boot_index: is_boot ? 0 : -1,
      source_type: snapshot_id === undefined ? "volume" : "snapshot",
      uuid: snapshot_id ?? entry.text("volume_id"),
    });
  });
}

function readImageMappings(image: Image | undefined): Fields[] {
  const text = image?.properties["block_device_mapping"];
  if (text === undefined) return [];
  const entries: unknown = JSON.parse(text);
  return Array.isArray(entries)
    ? entries.filter(isObject).map((entry) => new Fields({ ...entry, volume_type: undefined }))
    : [];
}
