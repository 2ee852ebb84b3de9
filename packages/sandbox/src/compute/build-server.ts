import { makeVolume } from "../block-storage/make-volume.ts";
import type { Volume } from "../block-storage/state.ts";
import { removeVolume } from "../block-storage/volume-routes.ts";
import { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import type { Call } from "../http/route.ts";
import type { Image } from "../image/state.ts";
import { createPort } from "../network/create-port.ts";
import { attachToServer, nextDevice } from "./attach-volume.ts";
import type { Mapping } from "./block-devices.ts";
import type { NicWish } from "./requested-networks.ts";
import { portsOf } from "./server-view.ts";
import type { Server } from "./state.ts";

export interface Parts {
  image: Image | undefined;
  mappings: Mapping[];
  networks: NicWish[];
}

/** The only one that the sandbox has. */
export const HOST = "compute-1";

/** Reserves what was asked for, then builds in the background: ports, volumes, root disk, guest. */
export function buildServer(call: Call, server: Server, parts: Parts): void {
  const { site } = call;
  try {
    reserveVolumes(call, server, parts.mappings);
    for (const wish of parts.networks) plug(call, server, wish);
  } catch (error) {
    releasePorts(call, server);
    releaseVolumes(call, server);
    site.state.servers.delete(server.id);
    throw error;
  }
  site.background(async () => {
    try {
      await build(call, server, parts);
    } catch (error) {
      if (!isBuilding(server)) return;
      const message = error instanceof Error ? error.message : String(error);
      Object.assign(server, {
        vm_state: "error",
        task_state: null,
        host: HOST,
        updated: site.now(),
        fault: {
          code: 500,
          created: site.now(),
          message: `Build of instance ${server.id} aborted: ${message}`,
          details: error instanceof Error ? (error.stack ?? message) : message,
        },
      });
    }
  });
}

async function build(call: Call, server: Server, { image, mappings }: Parts): Promise<void> {
  const { site } = call;
  await site.transition();
  if (!isBuilding(server)) return;
  server.host = HOST;
  server.task_state = "block_device_mapping";
  for (const mapping of mappings) {
    if (mapping.source_type !== "volume") {
      const volume = await createVolume(call, server, mapping);
      if (!isBuilding(server)) return removeVolume(site, volume);
      if (volume.status === "error") throw new Error(`Volume ${volume.id} did not finish being created`);
      attach(call, server, volume, mapping);
    }
  }
  for (const { volume_id } of server.attachments) {
    const volume = site.state.volumes.get(volume_id);
    if (volume !== undefined) volume.status = "in-use";
  }
  if (!isBuilding(server)) return;
  server.task_state = "spawning";
  if (image !== undefined && !mappings.some((mapping) => mapping.boot_index === 0)) {
    const { disks } = site;
    const root = disks.root(server.id);
    await disks.decode(disks.image(image.id), image.disk_format, root, server.flavor.disk);
    server.has_root_disk = true;
  }
  await site.transition();
  if (!isBuilding(server)) return;
  for (const port of portsOf(site, server)) port.status = "ACTIVE";
  Object.assign(server, {
    vm_state: "active",
    task_state: null,
    power_state: 1,
    launched_at: site.nowNaive(),
    updated: site.now(),
  });
  site.guests.boot(server);
}

/** Existing volumes are taken at once, so that nobody else gets them; Nova does so before it answers, too. */
function reserveVolumes(call: Call, server: Server, mappings: Mapping[]): void {
  const { site, caller } = call;
  const volumes = mappings.filter((mapping) => mapping.source_type === "volume");
  const found = volumes.map(({ uuid = "" }) => {
    const volume = site.state.volumes.get(uuid);
    if (volume === undefined || (volume.project_id !== caller.project_id && !caller.is_admin)) {
      throw new Refusal(400, `Block Device Mapping is Invalid: failed to get volume ${uuid}.`);
    }
    if (volume.multiattach && !call.version.atLeast("2.60")) {
      throw new Refusal(
        400,
        "Multiattach volumes are only supported starting with compute API version 2.60.",
      );
    }
    if (volume.status !== "available" && !(volume.multiattach && volume.status === "in-use")) {
      throw new Refusal(
        400,
        `Invalid volume: volume '${uuid}' status must be 'available'. Currently in '${volume.status}'`,
      );
    }
    return volume;
  });
  for (const [index, mapping] of volumes.entries()) {
    if (mapping.boot_index === 0 && found[index]?.bootable === false) {
      throw new Refusal(400, `Block Device Mapping is Invalid: Volume ${mapping.uuid} is not bootable.`);
    }
  }
  for (const [index, volume] of found.entries()) {
    const mapping = volumes[index];
    if (mapping === undefined) continue;
    attach(call, server, volume, mapping);
    volume.status = "reserved";
  }
}

function attach(call: Call, server: Server, volume: Volume, mapping: Mapping): void {
  attachToServer(call.site, server, volume, {
    device: mapping.boot_index === 0 ? "/dev/vda" : nextDevice(server),
    boot_index: mapping.boot_index,
    delete_on_termination: mapping.delete_on_termination,
    tag: mapping.tag,
  });
}

async function createVolume(call: Call, server: Server, mapping: Mapping): Promise<Volume> {
  const { site } = call;
  const { volume, made } = makeVolume(
    site,
    { ...call.caller, project_id: server.project_id },
    {
      name: null,
      size: mapping.volume_size,
      volume_type: mapping.volume_type,
      image_id: mapping.source_type === "image" ? mapping.uuid : undefined,
      snapshot_id: mapping.source_type === "snapshot" ? mapping.uuid : undefined,
    },
  );
  await made;
  return volume;
}

function plug(call: Call, server: Server, wish: NicWish): void {
  if ("port" in wish) {
    Object.assign(wish.port, { device_id: server.id, device_owner: "compute:nova" });
    server.given_ports.push(wish.port.id);
    noteNic(server, wish.port.id, wish.tag);
    return;
  }
  const port = createPort(
    call,
    new Fields({
      network_id: wish.network.id,
      device_id: server.id,
      device_owner: "compute:nova",
      ...(wish.group_ids.filter(Boolean).length > 0
        ? { security_groups: wish.group_ids.filter(Boolean) }
        : {}),
      ...(wish.fixed_ip === undefined ? {} : { fixed_ips: [{ ip_address: wish.fixed_ip }] }),
    }),
  );
  port.device_id = server.id;
  noteNic(server, port.id, wish.tag);
}

export function noteNic(server: Server, port_id: string, tag: string | undefined): void {
  server.nic_order = [...(server.nic_order ?? []), port_id];
  if (tag !== undefined) server.nic_tags = { ...server.nic_tags, [port_id]: tag };
}

function releasePorts(call: Call, server: Server): void {
  for (const port of portsOf(call.site, server)) {
    if (server.given_ports.includes(port.id)) Object.assign(port, { device_id: "", device_owner: "" });
    else call.site.state.ports.delete(port.id);
  }
}

function releaseVolumes(call: Call, server: Server): void {
  for (const { volume_id } of server.attachments) {
    const volume = call.site.state.volumes.get(volume_id);
    if (volume === undefined) continue;
    volume.attachments = volume.attachments.filter((attachment) => attachment.server_id !== server.id);
    volume.status = volume.attachments.length > 0 ? "in-use" : "available";
  }
}

/** False once somebody deletes it while it is built. */
function isBuilding(server: Server): boolean {
  return server.vm_state === "building" && server.task_state !== "deleting";
}
