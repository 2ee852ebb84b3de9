import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { collect, type ServiceClient, type Session, unlessMissing } from "@uniview/openstack";
import {
  deleteSnapshot,
  listSnapshots,
  waitForSnapshotGone,
} from "@uniview/openstack/block-storage/snapshots";
import {
  createVolume,
  deleteVolume,
  listVolumes,
  waitForVolume,
  waitForVolumeGone,
} from "@uniview/openstack/block-storage/volumes";
import { createServer } from "@uniview/openstack/compute/create-server";
import { listFlavors } from "@uniview/openstack/compute/flavors";
import { deleteKeypair, importKeypair, listKeypairs } from "@uniview/openstack/compute/keypairs";
import { unlockServer } from "@uniview/openstack/compute/server-actions";
import { getServer, listServers, removeServer, waitForServer } from "@uniview/openstack/compute/servers";
import { attachVolume } from "@uniview/openstack/compute/volume-attachments";
import { uploadImageData } from "@uniview/openstack/image/image-data";
import {
  createImage,
  deleteImage,
  type Image,
  listImages,
  waitForImage,
} from "@uniview/openstack/image/images";
import { createFloatingIp, deleteFloatingIp, listFloatingIps } from "@uniview/openstack/network/floating-ips";
import { listNetworks } from "@uniview/openstack/network/networks";
import { createPort, deletePort, listPorts } from "@uniview/openstack/network/ports";
import {
  createSecurityGroup,
  createSecurityGroupRule,
  deleteSecurityGroup,
  listSecurityGroups,
} from "@uniview/openstack/network/security-groups";

/** A server to be migrated, at a site that holds nothing else of ours. */
export interface Built {
  readonly server_id: string;
  /** Its own rows among those of `leftAt`. */
  readonly own: readonly string[];
  /** `ACTIVE, unlocked` */
  status(session: Session): Promise<string>;
}

const IMAGE = "small";
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7YtOfxXkBqTqXxkHqKxZbq0sYx8mJ0w2V5S3l9Q1aB me";

/** Everything of a project that a migration may leave behind, one line a thing: its kind and its id. */
export async function leftAt(session: Session): Promise<string[]> {
  const [nova, cinder, glance, neutron] = await services(session);
  const lists = {
    server: collect(listServers(nova)),
    keypair: collect(listKeypairs(nova)).then((rows) => rows.map(({ name }) => ({ id: name }))),
    volume: collect(listVolumes(cinder)),
    snapshot: collect(listSnapshots(cinder)),
    image: collect(listImages(glance)),
    port: collect(listPorts(neutron)),
    "floating-ip": collect(listFloatingIps(neutron)),
    "security-group": collect(listSecurityGroups(neutron)),
  };
  const rows = await Promise.all(
    Object.entries(lists).map(async ([kind, list]) => (await list).map(({ id }) => `${kind} ${id}`)),
  );
  return rows.flat().toSorted();
}

export async function buildSource(session: Session, name: string): Promise<Built> {
  const before = await leftAt(session);
  const [nova, cinder, glance, neutron] = await services(session);
  const [image, flavor, networks] = await Promise.all([
    smallImage(glance),
    collect(listFlavors(nova)).then(([first]) => first),
    collect(listNetworks(neutron)),
  ]);
  const [inner, external] = [
    networks.find((row) => !row["router:external"]),
    networks.find((row) => row["router:external"]),
  ];
  if (!flavor || !inner || !external) throw new Error("The site has not what a server is made of.");
  await importKeypair(nova, "me", KEY);
  const group = await createSecurityGroup(neutron, { name: "storefront", description: "lets in customers" });
  await createSecurityGroupRule(neutron, {
    security_group_id: group.id,
    direction: "ingress",
    ethertype: "IPv4",
    protocol: "tcp",
    port_range_min: 80,
    port_range_max: 80,
  });
  const port = await createPort(neutron, { network_id: inner.id, security_groups: [group.id] });
  await createFloatingIp(neutron, { floating_network_id: external.id, port_id: port.id });
  const volume = await createVolume(cinder, { name: "data", size: 1 });
  await waitForVolume(cinder, volume.id, "available");
  const { id } = await createServer(nova, {
    name,
    flavorRef: flavor.id,
    imageRef: image.id,
    networks: [{ port: port.id }],
    key_name: "me",
  });
  await waitForServer(nova, id, "ACTIVE");
  await attachVolume(nova, id, { volume_id: volume.id });
  await waitForVolume(cinder, volume.id, "in-use");
  const own = (await leftAt(session)).filter((row) => !before.includes(row));
  return {
    server_id: id,
    own,
    async status(at) {
      const { status, locked } = await getServer(await at.service("compute"), id);
      return `${status}, ${locked ? "locked" : "unlocked"}`;
    },
  };
}

/** A megabyte that no compressor shrinks: seeded images are as large as people would expect, and are moved often here. */
async function smallImage(glance: ServiceClient): Promise<Image> {
  const { id } = await createImage(glance, { name: IMAGE, disk_format: "raw", container_format: "bare" });
  const data = randomBytes(2 ** 20);
  await uploadImageData(glance, id, Readable.from([data]), { size_bytes: data.length });
  return waitForImage(glance, id);
}

/** Removes every server of a site, and what belongs to servers. */
export async function discardServers(session: Session): Promise<void> {
  const [nova, cinder, glance, neutron] = await services(session);
  for (const { id, locked } of await collect(listServers(nova))) {
    if (locked) await unlockServer(nova, id);
    await removeServer(nova, id);
  }
  for (const { id } of await collect(listFloatingIps(neutron)))
    await unlessMissing(deleteFloatingIp(neutron, id));
  for (const { id, device_owner } of await collect(listPorts(neutron))) {
    if (!device_owner.startsWith("network:")) await unlessMissing(deletePort(neutron, id));
  }
  for (const { id, name } of await collect(listSecurityGroups(neutron)))
    if (name === "storefront") await deleteSecurityGroup(neutron, id);
  for (const { name } of await collect(listKeypairs(nova)))
    if (name === "me") await deleteKeypair(nova, name);
  // also what a migration that was told to fail in its last steps left behind
  const isOurs = (name: string | null | undefined) => name?.startsWith("uniview-") ?? false;
  for (const { id, name } of await collect(listSnapshots(cinder))) {
    if (!isOurs(name)) continue;
    await unlessMissing(deleteSnapshot(cinder, id));
    await waitForSnapshotGone(cinder, id);
  }
  for (const { id, name } of await collect(listVolumes(cinder))) {
    if (name !== "data" && !isOurs(name)) continue;
    await unlessMissing(deleteVolume(cinder, id));
    await waitForVolumeGone(cinder, id);
  }
  for (const { id, name } of await collect(listImages(glance)))
    if (name === IMAGE || name?.includes("migrated from") || isOurs(name)) await deleteImage(glance, id);
}

async function services(
  session: Session,
): Promise<[ServiceClient, ServiceClient, ServiceClient, ServiceClient]> {
  return Promise.all([
    session.service("compute"),
    session.service("block-storage"),
    session.service("image"),
    session.service("network"),
  ]);
}
