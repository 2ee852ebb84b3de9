import { randomBytes } from "node:crypto";
import { collect, unlessMissing } from "@uniview/openstack";
import {
  createVolume,
  deleteVolume,
  listVolumes,
  waitForVolume,
  waitForVolumeGone,
} from "@uniview/openstack/block-storage/volumes";
import { createServer } from "@uniview/openstack/compute/create-server";
import { listFlavors } from "@uniview/openstack/compute/flavors";
import { unlockServer } from "@uniview/openstack/compute/server-actions";
import {
  deleteServer,
  getServer,
  listServers,
  waitForServer,
  waitForServerGone,
} from "@uniview/openstack/compute/servers";
import { attachVolume, listVolumeAttachments } from "@uniview/openstack/compute/volume-attachments";
import { deleteImage, listImages } from "@uniview/openstack/image/images";
import { createFloatingIp, deleteFloatingIp, listFloatingIps } from "@uniview/openstack/network/floating-ips";
import { listNetworks } from "@uniview/openstack/network/networks";
import { deletePort, listPorts, type Port } from "@uniview/openstack/network/ports";
import type { Region } from "./region.ts";
import { until } from "./until.ts";

/** The servers of this run, so that only they are cleaned away. */
export const RUN = `e2e-${randomBytes(3).toString("hex")}`;
const FLAVOR = "m1.nano";
const IMAGE = "osbed-guest";
const BOOT_MS = 300_000;

export interface Guest {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: Port;
  readonly volume_id: string | undefined;
}

/** What the guest says of itself on port 80; it counts once a second on its root disk and on each data disk. */
export interface GuestStatus {
  uuid: string;
  counter: number;
  boots: number;
  ip: string;
  mac: string;
  disks: { dev: string; bytes: number; head: string }[];
}

export async function readGuest(address: string): Promise<GuestStatus> {
  const response = await fetch(`http://${address}/cgi-bin/status`, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as GuestStatus;
}

/** The guest once it answers, and once all that is asked of it holds. */
export function awaitGuest(
  address: string,
  ready: (status: GuestStatus) => boolean = () => true,
): Promise<GuestStatus> {
  return until(`the guest at ${address}`, BOOT_MS, async () => {
    const status = await readGuest(address);
    return ready(status) ? status : undefined;
  });
}

/** `N` of `osbed-data N EPOCH UUID`, which the guest writes to a disk only if it is blank or its own. */
export function dataCounter(status: GuestStatus): number | undefined {
  const [mark, count] = status.disks[0]?.head.split(" ") ?? [];
  return mark === "osbed-data" ? Number(count) : undefined;
}

/** Boots a guest on the network: with a floating IP and a data volume where they are asked for. */
export async function makeGuest(
  region: Region,
  purpose: string,
  network_name: string,
  { floating = false, volume = false } = {},
): Promise<Guest> {
  const { nova, cinder, glance, neutron } = region;
  const name = `${RUN}-${purpose}`;
  const [networks, flavors, images] = await Promise.all([
    collect(listNetworks(neutron)),
    collect(listFlavors(nova)),
    collect(listImages(glance)),
  ]);
  const network = named(networks, network_name);
  const { id } = await createServer(nova, {
    name,
    flavorRef: named(flavors, FLAVOR).id,
    imageRef: named(images, IMAGE).id,
    networks: [{ uuid: network.id }],
  });
  const data = volume ? await createVolume(cinder, { name: `${name}-data`, size: 1 }) : undefined;
  await waitForServer(nova, id, "ACTIVE");
  const [port] = await collect(listPorts(neutron, { query: { device_id: id } }));
  if (!port) throw new Error(`${name} has no port`);
  let address = port.fixed_ips[0]?.ip_address ?? "";
  if (floating) {
    const floating_network_id = named(networks, "public").id;
    address = (await createFloatingIp(neutron, { floating_network_id, port_id: port.id }))
      .floating_ip_address;
  }
  await awaitGuest(address);
  if (data) {
    await waitForVolume(cinder, data.id, "available");
    await attachVolume(nova, id, { volume_id: data.id });
    await awaitGuest(address, (status) => dataCounter(status) !== undefined);
  }
  return { id, name, address, port, volume_id: data?.id };
}

/** Removes what this run's servers are and have at the region; what others made is left alone. */
export async function cleanUp(region: Region): Promise<void> {
  const servers = (await collect(listServers(region.nova))).filter(({ name }) => name?.startsWith(RUN));
  for (const { id } of servers) await removeGuest(region, id);
  const stray = (await collect(listVolumes(region.cinder))).filter(({ name }) => name?.startsWith(RUN));
  for (const { id } of stray) await removeVolume(region.cinder, id);
}

/** Removes a server with its volumes, its floating IPs and an image that is its own, as a person lets go of a source. */
export async function removeGuest(
  { nova, cinder, glance, neutron, session }: Region,
  id: string,
): Promise<void> {
  const ports = await collect(listPorts(neutron, { query: { device_id: id } }));
  const addresses = await collect(listFloatingIps(neutron));
  for (const ip of addresses.filter(({ port_id }) => ports.some((port) => port.id === port_id))) {
    await deleteFloatingIp(neutron, ip.id);
  }
  const volumes = await listVolumeAttachments(nova, id);
  const { image } = await getServer(nova, id);
  await unlockServer(nova, id);
  await deleteServer(nova, id);
  await waitForServerGone(nova, id);
  // a port that was made before its server, as a copy's is, outlives it and would hold MAC and address for ever
  for (const port of ports) await unlessMissing(deletePort(neutron, port.id));
  for (const { volumeId } of volumes) await removeVolume(cinder, volumeId);
  const own = (await collect(listImages(glance))).find((found) => image && found.id === image.id);
  if (own && own.owner === session.project?.id && own.visibility !== "public")
    await deleteImage(glance, own.id);
}

/** One with `delete_on_termination` has gone with its server already. */
async function removeVolume(cinder: Region["cinder"], id: string): Promise<void> {
  const left = (await collect(listVolumes(cinder))).find((volume) => volume.id === id);
  if (!left || left.status === "deleting") return;
  await waitForVolume(cinder, id, "available");
  await deleteVolume(cinder, id);
  await waitForVolumeGone(cinder, id);
}

function named<T extends { name?: string | null }>(items: readonly T[], name: string): T {
  const found = items.find((item) => item.name === name);
  if (!found) throw new Error(`the region has no ${name}`);
  return found;
}
