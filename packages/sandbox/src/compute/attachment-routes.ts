import { enforcePolicy } from "../faults/policy.ts";
import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { attachToServer, detachFromServer, nextDevice } from "./attach-volume.ts";
import { findServer, refuseLocked, refuseStates } from "./find-server.ts";
import { asksPolicyFirst } from "./policy-order.ts";
import type { Server, VolumeAttachment } from "./state.ts";

const PATH = "/servers/{server_id}/os-volume_attachments";
const STATES = ["active", "stopped", "paused", "suspended"] as const;

export const ATTACHMENT_ROUTES: Route[] = [
  route("GET", PATH, (call) => {
    const server = findServer(call);
    return json({
      volumeAttachments: server.attachments.map((attachment) => view(call, server, attachment)),
    });
  }),
  route("GET", `${PATH}/{volume_id}`, (call) => {
    const server = findServer(call);
    return json({ volumeAttachment: view(call, server, find(call, server)) });
  }),
  route("POST", PATH, attach),
  route("PUT", `${PATH}/{volume_id}`, update, { since: "2.85" }),
  route("DELETE", `${PATH}/{volume_id}`, detach, { policy: "os_compute_api:os-volumes-attachments:delete" }),
];

async function attach(call: Call): Promise<Reply> {
  const { site } = call;
  const policy = "os_compute_api:os-volumes-attachments:create";
  if (asksPolicyFirst(site)) enforcePolicy(site, "compute", call.caller, { policy });
  const server = findServer(call);
  enforcePolicy(site, "compute", call.caller, { policy });
  const given = await bodyObject(call, "volumeAttachment");
  checkFields(call, given);
  refuseLocked(call, server);
  refuseStates(server, "attach_volume", [...STATES]);
  const id = given.needText("volumeId");
  const volume = site.state.volumes.get(id);
  if (volume === undefined || (volume.project_id !== call.caller.project_id && !call.caller.is_admin)) {
    throw new Refusal(404, `Volume ${id} could not be found.`);
  }
  if (volume.multiattach && !call.version.atLeast("2.60")) {
    throw new Refusal(400, "Multiattach volumes are only supported starting with compute API version 2.60.");
  }
  if (volume.attachments.length > 0 && !volume.multiattach) {
    const holders = volume.attachments.map((attachment) => attachment.server_id).join(", ");
    throw new Refusal(400, `Invalid volume: volume ${id} is already attached to instances: ${holders}`);
  }
  if (volume.status !== "available" && !(volume.multiattach && volume.status === "in-use")) {
    throw new Refusal(
      400,
      `Invalid volume: volume '${id}' status must be 'available'. Currently in '${volume.status}'`,
    );
  }
  volume.status = "reserved";
  const how = {
    device: given.text("device") ?? nextDevice(server),
    boot_index: null,
    delete_on_termination: given.flag("delete_on_termination") ?? false,
    tag: given.text("tag") ?? null,
  };
  site.background(async () => {
    await site.transition();
    if (server.vm_state === "deleted") volume.status = "available";
    else attachToServer(site, server, volume, how);
  });
  // From then on nobody waits for the hypervisor, so there is nothing to say yet.
  if (call.version.atLeast("2.101")) return empty(202);
  const shown = { id, serverId: server.id, volumeId: id, device: how.device };
  return json({
    volumeAttachment: {
      ...shown,
      ...(call.version.atLeast("2.70") ? { tag: how.tag } : {}),
      ...(call.version.atLeast("2.79") ? { delete_on_termination: how.delete_on_termination } : {}),
    },
  });
}

/** What an attachment may hold, with the microversion that brought it. */
const FIELDS: Record<string, string | undefined> = {
  volumeId: "2.1",
  device: "2.1",
  tag: "2.49",
  delete_on_termination: "2.79",
};

function checkFields(call: Call, given: Fields): void {
  for (const key of given.keys()) {
    const since = FIELDS[key];
    if (since !== undefined && call.version.atLeast(since)) continue;
    throw new Refusal(
      400,
      `Invalid input for field/attribute volumeAttachment. Additional properties are not allowed ('${key}' was unexpected)`,
    );
  }
}

async function update(call: Call): Promise<Reply> {
  const attachment = find(call, findServer(call));
  const given = await bodyObject(call, "volumeAttachment");
  attachment.delete_on_termination = given.flag("delete_on_termination") ?? attachment.delete_on_termination;
  return empty(202);
}

function detach(call: Call): Reply {
  const { site } = call;
  const server = findServer(call);
  refuseLocked(call, server);
  refuseStates(server, "detach_volume", [...STATES]);
  const attachment = find(call, server);
  if (attachment.boot_index === 0) throw new Refusal(403, "Cannot detach a root device volume");
  const volume = site.state.volumes.get(attachment.volume_id);
  if (volume !== undefined && volume.status !== "in-use") {
    throw new Refusal(
      400,
      "Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.",
    );
  }
  if (volume !== undefined) volume.status = "detaching";
  site.background(async () => {
    await site.transition();
    await detachFromServer(site, server, attachment.volume_id);
  });
  return empty(202, { "Content-Type": "application/json" });
}

function find(call: Call, server: Server): VolumeAttachment {
  const id = param(call, "volume_id");
  const attachment = server.attachments.find((one) => one.volume_id === id);
  if (attachment === undefined) {
    throw new Refusal(404, `Instance ${server.id} is not attached to volume ${id}`);
  }
  return attachment;
}

/** `id` went away with 2.89, which brought the ids of both sides instead. */
function view(call: Call, server: Server, attachment: VolumeAttachment): Record<string, unknown> {
  const { version } = call;
  const modern = version.atLeast("2.89");
  return {
    ...(modern ? {} : { id: attachment.volume_id }),
    volumeId: attachment.volume_id,
    serverId: server.id,
    device: attachment.device,
    ...(version.atLeast("2.70") ? { tag: attachment.tag } : {}),
    ...(version.atLeast("2.79") ? { delete_on_termination: attachment.delete_on_termination } : {}),
    ...(modern ? { attachment_id: attachment.attachment_id, bdm_uuid: attachment.bdm_uuid } : {}),
  };
}
