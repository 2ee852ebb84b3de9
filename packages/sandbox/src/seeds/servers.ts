import { defaultVolumeType, imageMetadata } from "../block-storage/make-volume.ts";
import type { Volume } from "../block-storage/state.ts";
import { attachToServer, nextDevice } from "../compute/attach-volume.ts";
import { addKeypair } from "../compute/keypair-routes.ts";
import type { Flavor, Server } from "../compute/state.ts";
import type { Image } from "../image/state.ts";
import { allocateIp } from "../network/allocate-ip.ts";
import { bareResource } from "../network/resource.ts";
import type { Port } from "../network/state.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { writeDisk } from "./disk-content.ts";
import type { Owners } from "./identity.ts";
import { addPort, type Networks } from "./networks.ts";
import type { ServerSeed, Theme } from "./themes.ts";

interface Ground {
  owners: Owners;
  networks: Networks;
  images: Image[];
}

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7YtOfxXkBqTqXxkHqKxZbq0sYx8mJ0w2V5S3l9Q1aB demo@sandbox";
const KEY_NAME = "demo-key";
const DATA_DISK_BYTES = 3 * 2 ** 20;
const HOUR_MS = 3_600_000;

/** Servers as they stand after some weeks of use; the guests of running ones start at once. */
export async function seedServers(site: Site, theme: Theme, ground: Ground): Promise<void> {
  addKeypair(site, ground.owners.demo.user.id, KEY_NAME, KEY);
  const flavors = [...site.state.flavors.values()];
  for (const [index, seed] of theme.servers.entries()) {
    const flavor = flavors[seed.flavor];
    const image = ground.images[index % ground.images.length];
    if (flavor === undefined || image === undefined) throw new Error(`nothing to make ${seed.name} of`);
    const hours_ago = 24 * 40 - index * 53;
    await seedServer(site, seed, ground, { flavor, image, hours_ago });
  }
  await seedLooseVolume(site, ground);
}

async function seedServer(
  site: Site,
  seed: ServerSeed,
  ground: Ground,
  parts: { flavor: Flavor; image: Image; hours_ago: number },
): Promise<void> {
  const { flavor, image, hours_ago } = parts;
  const created = new Date(Date.now() - hours_ago * HOUR_MS).toISOString();
  const server = put(site.state.servers, {
    ...blankServer(site, seed, ground.owners, flavor),
    created: `${created.slice(0, 19)}Z`,
    updated: `${created.slice(0, 19)}Z`,
    launched_at: `${created.slice(0, 19)}.000000`,
    image_id: seed.root === "image" ? image.id : null,
    image_properties: { ...image.properties },
  });
  if (seed.state === "error") {
    server.launched_at = null;
    server.fault = {
      code: 500,
      created: server.created,
      message: "No valid host was found. There are not enough hosts available.",
    };
    return;
  }
  server.host = "compute-1";
  await seedDisks(site, seed, ground, server, image);
  const port = plug(site, seed, ground, server);
  if (seed.floating_ip) addFloatingIp(site, ground, port);
  if (server.vm_state === "active") site.guests.boot(server, { hash_disks: false });
}

function blankServer(site: Site, seed: ServerSeed, owners: Owners, flavor: Flavor): Server {
  const vm_state = seed.state ?? "active";
  return {
    id: site.newId(),
    name: seed.name,
    description: seed.name,
    project_id: owners.demo.project.id,
    user_id: owners.demo.user.id,
    vm_state,
    task_state: null,
    power_state: vm_state === "active" ? 1 : vm_state === "stopped" ? 4 : 0,
    created: "",
    updated: "",
    launched_at: null,
    terminated_at: null,
    flavor: structuredClone(flavor),
    image_id: null,
    image_properties: {},
    key_name: KEY_NAME,
    metadata: seed.idle ? { "sandbox:guest": "idle" } : {},
    tags: seed.tags ?? [],
    security_groups: seed.floating_ip ? ["web"] : ["default"],
    availability_zone: "nova",
    host: "",
    config_drive: false,
    user_data: null,
    locked: false,
    locked_by_admin: false,
    locked_reason: null,
    attachments: [],
    has_root_disk: false,
    given_ports: [],
    fault: null,
    sha256_at_boot: {},
  };
}

async function seedDisks(
  site: Site,
  seed: ServerSeed,
  ground: Ground,
  server: Server,
  image: Image,
): Promise<void> {
  const { disks } = site;
  if (seed.root === "image") {
    await disks.decode(disks.image(image.id), image.disk_format, disks.root(server.id), server.flavor.disk);
    server.has_root_disk = true;
  } else {
    const volume = addVolume(site, ground, "", 1);
    volume.bootable = true;
    volume.image_metadata = imageMetadata(image);
    await disks.decode(disks.image(image.id), image.disk_format, disks.volume(volume.id), 1);
    attachToServer(site, server, volume, {
      device: "/dev/vda",
      boot_index: 0,
      delete_on_termination: true,
      tag: null,
    });
  }
  for (let number = 1; number <= (seed.data_volumes ?? 0); number++) {
    const volume = addVolume(site, ground, `${seed.name}-data-${number}`, 1);
    await writeDisk(disks.volume(volume.id), disks.bytes_per_gib, DATA_DISK_BYTES, volume.id);
    const device = nextDevice(server);
    attachToServer(site, server, volume, {
      device,
      boot_index: null,
      delete_on_termination: false,
      tag: null,
    });
  }
}

function addVolume(site: Site, { owners }: Ground, name: string, size: number): Volume {
  return put(site.state.volumes, {
    id: site.newId(),
    name,
    description: null,
    project_id: owners.demo.project.id,
    user_id: owners.demo.user.id,
    status: "available",
    size,
    volume_type_id: defaultVolumeType(site).id,
    availability_zone: "nova",
    bootable: false,
    multiattach: false,
    metadata: {},
    image_metadata: {},
    snapshot_id: null,
    source_volid: null,
    attachments: [],
    created_at: site.nowNaive(),
    updated_at: null,
  });
}

async function seedLooseVolume(site: Site, ground: Ground): Promise<void> {
  const volume = addVolume(site, ground, "spare-data", 2);
  await writeDisk(site.disks.volume(volume.id), 2 * site.disks.bytes_per_gib, DATA_DISK_BYTES, volume.id);
}

function plug(site: Site, seed: ServerSeed, { networks, owners }: Ground, server: Server): Port {
  const network = seed.on_public ? networks.external : networks.tenant;
  const groups = [...site.state.security_groups.values()].filter(
    (group) => group.project_id === owners.demo.project.id && server.security_groups.includes(group.name),
  );
  return addPort(site, network, {
    project_id: owners.demo.project.id,
    device_id: server.id,
    device_owner: "compute:nova",
    status: server.vm_state === "active" ? "ACTIVE" : "DOWN",
    security_groups: groups.map((group) => group.id),
  });
}

function addFloatingIp(site: Site, { networks, owners }: Ground, port: Port): void {
  const subnet = [...site.state.subnets.values()].find((one) => one.network_id === networks.external.id);
  if (subnet === undefined) return;
  put(site.state.floating_ips, {
    ...bareResource(site, owners.demo.project.id, ""),
    floating_network_id: networks.external.id,
    floating_ip_address: allocateIp(site, subnet),
    port_id: port.id,
    fixed_ip_address: port.fixed_ips[0]?.ip_address ?? null,
    router_id: networks.router_id,
  });
}
