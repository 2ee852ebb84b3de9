import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import { findImage } from "../image/find-image.ts";
import type { Image } from "../image/state.ts";
import { refuseLocked, refuseStates } from "./find-server.ts";
import { viewServer } from "./server-view.ts";
import type { Server } from "./state.ts";

/** Writes an image over the root disk. That of a volume-backed server only since 2.93, unless it is the same image. */
export function rebuild(call: Call, server: Server, given: Fields): Reply {
  const { site, version } = call;
  refuseLocked(call, server);
  refuseStates(server, "rebuild", ["active", "stopped", "error"]);
  const image = imageOf(call, given.needText("imageRef"));
  const root = server.attachments.find(({ boot_index }) => boot_index === 0);
  if (root !== undefined && !version.atLeast("2.93")) {
    throw new Refusal(400, "Unable to rebuild with a different image for a volume-backed server.");
  }
  const before = server.vm_state;
  Object.assign(server, { task_state: "rebuilding", updated: site.now() });
  site.background(async () => {
    await site.transition();
    await site.guests.stop(server.id);
    const { disks } = site;
    const path = root === undefined ? disks.root(server.id) : disks.volume(root.volume_id);
    const size =
      root === undefined ? server.flavor.disk : (site.state.volumes.get(root.volume_id)?.size ?? 0);
    await disks.decode(disks.image(image.id), image.disk_format, path, size);
    if (server.task_state !== "rebuilding") return;
    if (root === undefined) server.image_id = image.id;
    server.image_properties = { ...image.properties };
    server.vm_state = before === "stopped" ? "stopped" : "active";
    server.power_state = server.vm_state === "active" ? 1 : 4;
    Object.assign(server, { task_state: null, fault: null, updated: site.now() });
    if (server.vm_state === "active") site.guests.boot(server);
  });
  const { root: url, caller } = call;
  const shown = viewServer({ site, version, root: url, is_admin: caller.is_admin }, server, true);
  return json({ server: shown }, 202);
}

function imageOf(call: Call, ref: string): Image {
  let image: Image;
  try {
    image = findImage(call.site, call.caller, ref.split("/").at(-1) ?? "");
  } catch {
    throw new Refusal(400, "Cannot find image for rebuild");
  }
  if (image.status !== "active") throw new Refusal(400, `Image ${image.id} is not active.`);
  return image;
}
