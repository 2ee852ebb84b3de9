import { makeSnapshot } from "../block-storage/make-snapshot.ts";
import { checkVolumeQuota } from "../block-storage/quotas.ts";
import { READABLE_FORMATS } from "../disks/disk-store.ts";
import { enforcePolicy } from "../faults/policy.ts";
import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import { completeImage, failImage } from "../image/complete-image.ts";
import { blankImage } from "../image/create-image.ts";
import type { Image } from "../image/state.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { refuseStates } from "./find-server.ts";
import { computeLimits } from "./quotas.ts";
import type { Server } from "./state.ts";

/** What `block_device_mapping` of a snapshot image says of every disk besides its own facts. */
const MAPPING_NULLS = {
  destination_type: "volume",
  source_type: "snapshot",
  guest_format: null,
  volume_type: null,
  image_id: null,
  tag: null,
  volume_id: null,
  no_device: null,
  encrypted: null,
};

/**
 * `createImage`: of a root disk an image with its bytes, of a volume-backed server snapshots of all its volumes and
 * an image of 0 bytes that maps them. The lock does not keep anybody from it.
 */
export function createServerImage(call: Call, server: Server, given: Fields): Reply {
  const name = given.needText("name");
  const metadata = given.map("metadata") ?? {};
  const { metadata_items } = computeLimits(call.site, call.caller.project_id);
  if (!call.version.atLeast("2.39") && Object.keys(metadata).length > metadata_items) {
    throw new Refusal(403, "Image metadata limit exceeded");
  }
  if (!server.has_root_disk) {
    const policy = "os_compute_api:servers:create_image:allow_volume_backed";
    enforcePolicy(call.site, "compute", call.caller, { policy });
  }
  refuseStates(server, "createImage", ["active", "stopped", "paused", "suspended"]);
  const image = server.has_root_disk
    ? imageOfRootDisk(call, server, name, metadata)
    : imageOfVolumes(call, server, name, metadata);
  const location = `${call.site.url}${call.site.layout.image}/images/${image.id}`;
  if (call.version.atLeast("2.45")) return json({ image_id: image.id }, 202);
  return empty(202, { Location: location, "Content-Type": "application/json" });
}

function imageOfRootDisk(call: Call, server: Server, name: string, metadata: Record<string, string>): Image {
  const { site } = call;
  const base = site.state.images.get(server.image_id ?? "");
  // As libvirt does by default: the format that the base image had.
  const format = base?.disk_format ?? "qcow2";
  const image = put(site.state.images, {
    ...snapshotImage(call, server, name, metadata),
    disk_format: READABLE_FORMATS.includes(format) ? format : "raw",
    min_disk: server.flavor.disk,
    min_ram: base?.min_ram ?? 0,
  });
  server.task_state = "image_snapshot_pending";
  site.background(async () => {
    await site.transition();
    server.task_state = "image_uploading";
    image.status = "saving";
    await storeRootDisk(site, server, image);
    if (server.task_state === "image_uploading") server.task_state = null;
    server.updated = site.now();
  });
  return image;
}

async function storeRootDisk(site: Site, server: Server, image: Image): Promise<void> {
  const { disks } = site;
  try {
    await site.guests.whileFrozen(server.id, () =>
      disks.encode(disks.root(server.id), image.disk_format ?? "raw", disks.image(image.id)),
    );
    await completeImage(site, image);
    Object.assign(image.properties, { image_state: "available", image_location: "snapshot" });
  } catch {
    await failImage(site, image);
  }
}

function imageOfVolumes(call: Call, server: Server, name: string, metadata: Record<string, string>): Image {
  const { site } = call;
  const disks = server.attachments.map((attachment) => {
    const volume = site.state.volumes.get(attachment.volume_id);
    if (volume === undefined) throw new Refusal(404, `Volume ${attachment.volume_id} could not be found.`);
    return { attachment, volume };
  });
  const gigabytes = disks.reduce((sum, disk) => sum + disk.volume.size, 0);
  checkVolumeQuota(site, server.project_id, { snapshots: disks.length, gigabytes });
  const root = disks.find((disk) => disk.attachment.boot_index === 0)?.volume;
  const mapping = disks.map(({ attachment, volume }) => {
    const { snapshot } = makeSnapshot(site, server, volume, {
      name: `snapshot for ${name}`,
      description: "",
      metadata: {},
    });
    return {
      ...MAPPING_NULLS,
      boot_index: attachment.boot_index,
      device_name: attachment.device,
      device_type: "disk",
      disk_bus: "virtio",
      delete_on_termination: attachment.delete_on_termination,
      snapshot_id: snapshot.id,
      volume_size: volume.size,
    };
  });
  const image = snapshotImage(call, server, name, metadata);
  image.disk_format = root?.image_metadata["disk_format"] ?? "raw";
  image.min_disk = Number(root?.image_metadata["min_disk"] ?? 0);
  Object.assign(image.properties, {
    base_image_ref: "",
    root_device_name: "/dev/vda",
    bdm_v2: "True",
    block_device_mapping: JSON.stringify(mapping),
  });
  put(site.state.images, image);
  activateEmpty(image);
  return image;
}

/** Checksums of nothing, as Glance has them for an image of 0 bytes. */
function activateEmpty(image: Image): void {
  Object.assign(image, {
    status: "active",
    size: 0,
    checksum: "d41d8cd98f00b204e9800998ecf8427e",
    os_hash_algo: "sha512",
    os_hash_value:
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  });
}

function snapshotImage(call: Call, server: Server, name: string, metadata: Record<string, string>): Image {
  const { site, caller } = call;
  return {
    ...blankImage(site, server.project_id),
    name,
    visibility: "private",
    container_format: "bare",
    properties: {
      ...server.image_properties,
      base_image_ref: server.image_id ?? "",
      owner_user_name: site.state.users.get(caller.user_id)?.name ?? "",
      owner_project_name: site.state.projects.get(server.project_id)?.name ?? "",
      boot_roles: caller.roles.join(","),
      hw_machine_type: "pc",
      hw_disk_bus: "virtio",
      hw_vif_model: "virtio",
      ...(server.has_root_disk
        ? {
            instance_uuid: server.id,
            user_id: server.user_id,
            image_type: "snapshot",
            owner_id: server.project_id,
          }
        : {}),
      ...metadata,
    },
  };
}
