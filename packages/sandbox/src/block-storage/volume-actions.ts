import { enforcePolicy } from "../faults/policy.ts";
import { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, type Route, route } from "../http/route.ts";
import { findVolume } from "./find-volume.ts";
import { checkVolumeQuota } from "./quotas.ts";
import type { Volume } from "./state.ts";
import { uploadImage } from "./upload-image.ts";
import { reimage, revert } from "./volume-content.ts";

export const VOLUME_ACTION_ROUTES: Route[] = [route("POST", "/volumes/{volume_id}/action", act)];

async function act(call: Call): Promise<Reply> {
  const volume = findVolume(call);
  const body = await call.body();
  const [name = ""] = body.keys();
  const given = body.object(name) ?? new Fields({});
  switch (name) {
    case "os-set_bootable":
      volume.bootable = given.flag("bootable") ?? false;
      return empty(200, { "Content-Type": "application/json" });
    case "os-extend":
      return extend(call, volume, given);
    case "revert":
      if (!call.version.atLeast("3.40")) throw new Refusal(400, `There is no such action: ${name}`);
      enforcePolicy(call.site, "block-storage", call.caller, { policy: "volume:revert_to_snapshot" });
      return revert(call, volume, given);
    case "os-reimage":
      if (!call.version.atLeast("3.68")) throw new Refusal(400, `There is no such action: ${name}`);
      enforcePolicy(call.site, "block-storage", call.caller, {
        policy: "volume_extension:volume_actions:reimage",
      });
      return reimage(call, volume, given);
    case "os-volume_upload_image":
      enforcePolicy(call.site, "block-storage", call.caller, {
        policy: "volume_extension:volume_actions:upload_image",
      });
      return uploadImage(call, volume, given);
    case "os-set_image_metadata":
      Object.assign(volume.image_metadata, given.map("metadata"));
      return json({ metadata: volume.image_metadata });
    case "os-unset_image_metadata":
      return unsetImageMetadata(volume, given);
    case "os-show_image_metadata":
      return json({ metadata: volume.image_metadata });
    case "os-update_readonly_flag":
      volume.metadata["readonly"] = given.flag("readonly") ? "True" : "False";
      return empty(202);
    case "os-reset_status":
      enforcePolicy(call.site, "block-storage", call.caller, {
        policy: "volume_extension:volume_admin_actions:reset_status",
        admin: true,
      });
      volume.status = given.text("status") ?? volume.status;
      return empty(202);
    case "os-force_delete":
      enforcePolicy(call.site, "block-storage", call.caller, {
        policy: "volume_extension:volume_admin_actions:force_delete",
        admin: true,
      });
      call.site.state.volumes.delete(volume.id);
      return empty(202);
    default:
      throw new Refusal(400, `There is no such action: ${name}`);
  }
}

function extend(call: Call, volume: Volume, given: Fields): Reply {
  const { site } = call;
  enforcePolicy(site, "block-storage", call.caller, { policy: "volume:extend" });
  const size = given.integer("new_size") ?? 0;
  if (size <= volume.size) {
    throw new Refusal(
      400,
      `Invalid input received: New size for extend must be greater than current size. (current: ${volume.size}, extended: ${size}).`,
    );
  }
  const may_be_used = call.version.atLeast("3.42") && volume.status === "in-use";
  if (volume.status !== "available" && !may_be_used) {
    throw new Refusal(
      400,
      `Invalid volume: Volume ${volume.id} status must be 'available' to extend, currently ${volume.status}.`,
    );
  }
  checkVolumeQuota(site, volume.project_id, { gigabytes: size - volume.size });
  const before = volume.status;
  volume.status = "extending";
  site.background(async () => {
    await site.transition();
    await site.disks.grow(site.disks.volume(volume.id), size);
    volume.size = size;
    volume.status = before;
    volume.updated_at = site.nowNaive();
  });
  return empty(202);
}

function unsetImageMetadata(volume: Volume, given: Fields): Reply {
  const key = given.text("key") ?? "";
  if (!Object.hasOwn(volume.image_metadata, key)) throw new Refusal(404, "Metadata does not exist.");
  delete volume.image_metadata[key];
  return empty(200, { "Content-Type": "text/html; charset=UTF-8" });
}
