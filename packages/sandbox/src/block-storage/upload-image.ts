import { READABLE_FORMATS } from "../disks/disk-store.ts";
import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import { completeImage, failImage } from "../image/complete-image.ts";
import { blankImage } from "../image/create-image.ts";
import type { Visibility } from "../image/state.ts";
import { put } from "../state.ts";
import type { Volume } from "./state.ts";

/** Members of `volume_image_metadata` that describe the old image, not the disk. */
const NOT_INHERITED = new Set([
  "image_id",
  "image_name",
  "checksum",
  "size",
  "disk_format",
  "container_format",
  "min_disk",
  "min_ram",
]);

/** Makes an image of a volume. An in-use volume needs `force`, and the operator's `enable_force_upload`. */
export function uploadImage(call: Call, volume: Volume, given: Fields): Reply {
  const { site } = call;
  const disk_format = given.text("disk_format") ?? "raw";
  const container_format = given.text("container_format") ?? "bare";
  const image_name = given.needText("image_name");
  const force = given.flag("force") ?? false;
  checkState(volume, force, site.options.enable_force_upload === true);
  if (!READABLE_FORMATS.includes(disk_format)) {
    throw new Refusal(
      400,
      `Invalid input for field/attribute disk_format. Value: ${disk_format}. The sandbox writes ${READABLE_FORMATS.join(" and ")}.`,
    );
  }
  const inherited = Object.entries(volume.image_metadata).filter(([name]) => !NOT_INHERITED.has(name));
  const image = put(site.state.images, {
    ...blankImage(site, volume.project_id),
    name: image_name,
    visibility: (given.text("visibility") ?? "shared") as Visibility,
    protected: given.flag("protected") ?? false,
    disk_format,
    container_format,
    min_disk: Number(volume.image_metadata["min_disk"] ?? 0),
    min_ram: Number(volume.image_metadata["min_ram"] ?? 0),
    properties: Object.fromEntries(inherited),
  });
  const before = volume.status;
  volume.status = "uploading";
  site.background(async () => {
    await site.transition();
    image.status = "saving";
    try {
      const server_id = volume.attachments[0]?.server_id;
      await site.guests.whileFrozen(server_id, () =>
        site.disks.encode(site.disks.volume(volume.id), disk_format, site.disks.image(image.id)),
      );
      await completeImage(site, image);
    } catch {
      await failImage(site, image);
    }
    volume.status = before;
    volume.updated_at = site.nowNaive();
  });
  const type = site.state.volume_types.get(volume.volume_type_id);
  const updated_at = volume.updated_at;
  return json(
    {
      "os-volume_upload_image": {
        id: volume.id,
        updated_at,
        status: "uploading",
        display_description: volume.description,
        size: volume.size,
        volume_type: type && {
          ...type,
          qos_specs_id: null,
          updated_at: null,
          deleted_at: null,
          deleted: false,
        },
        image_id: image.id,
        container_format,
        disk_format,
        image_name,
        ...(call.version.atLeast("3.1") ? { protected: image.protected, visibility: image.visibility } : {}),
      },
    },
    202,
  );
}

function checkState(volume: Volume, force: boolean, force_allowed: boolean): void {
  if (volume.status === "available") return;
  if (volume.status !== "in-use" || !force) {
    const expected = force ? "available/in-use" : "available";
    throw new Refusal(400, `Invalid volume: Volume ${volume.id} status must be ${expected}`);
  }
  if (!force_allowed) {
    throw new Refusal(
      400,
      "Invalid volume: Force upload to image is disabled, Please enable 'enable_force_upload' in configuration file",
    );
  }
}
