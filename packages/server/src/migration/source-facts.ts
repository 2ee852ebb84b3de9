import { collect, type Offer, type Session, unlessMissing } from "@uniview/openstack";
import { type BlockStorageLimits, getBlockStorageLimits } from "@uniview/openstack/block-storage/limits";
import { getVolume, type Volume } from "@uniview/openstack/block-storage/volumes";
import { type Flavor, getFlavor, listFlavors } from "@uniview/openstack/compute/flavors";
import { inGuestOrder, listServerInterfaces } from "@uniview/openstack/compute/interfaces";
import { getKeypair, type Keypair } from "@uniview/openstack/compute/keypairs";
import type { Server } from "@uniview/openstack/compute/server";
import { getServer } from "@uniview/openstack/compute/servers";
import { listVolumeAttachments, type VolumeAttachment } from "@uniview/openstack/compute/volume-attachments";
import { getImage, type Image } from "@uniview/openstack/image/images";
import { type FloatingIp, listFloatingIps } from "@uniview/openstack/network/floating-ips";
import { listNetworks, type Network } from "@uniview/openstack/network/networks";
import { getPort, type Port } from "@uniview/openstack/network/ports";
import { listSecurityGroups, type SecurityGroup } from "@uniview/openstack/network/security-groups";
import { listSubnets, type Subnet } from "@uniview/openstack/network/subnets";

export interface AttachedVolume {
  readonly volume: Volume;
  readonly attachment: VolumeAttachment;
}

/** Everything about a server that its copy has to be like, as the site says it now. */
export interface SourceFacts {
  readonly site: string;
  readonly server: Server;
  /** Size as the server has it, even where the flavor is gone. */
  readonly flavor: {
    readonly id: string | null;
    readonly name: string;
    readonly vcpus: number;
    readonly ram_mb: number;
    readonly disk_gb: number;
  };
  /** The image that the root disk was made from; null for a server that boots from a volume, or whose image is gone. */
  readonly image: Image | null;
  /** In the order of their devices; the one that it boots from first, if it boots from a volume. */
  readonly volumes: readonly AttachedVolume[];
  readonly boots_from_volume: boolean;
  /** In the order in which the guest got them. */
  readonly ports: readonly Port[];
  readonly networks: readonly Network[];
  readonly subnets: readonly Subnet[];
  readonly floating_ips: readonly FloatingIp[];
  readonly security_groups: readonly SecurityGroup[];
  /** null: none, or somebody else's. */
  readonly keypair: Keypair | null;
  readonly block_storage_limits: BlockStorageLimits | null;
  /** What its compute service offers: from that follows what is lost with it. */
  readonly compute: Offer;
}

/** Reads it all; changes nothing. @throws OpenStackError 404 no such server */
export async function readSource(site: string, session: Session, server_id: string): Promise<SourceFacts> {
  const [nova, neutron, glance] = await Promise.all([
    session.service("compute"),
    session.service("network"),
    session.service("image"),
  ]);
  const server = await getServer(nova, server_id);
  const boots_from_volume = !server.image;
  const has_volumes = (server["os-extended-volumes:volumes_attached"] ?? []).length > 0;
  const [attachments, interfaces, networks, subnets, security_groups, keypair, flavor, image] =
    await Promise.all([
      has_volumes ? listVolumeAttachments(nova, server_id) : [],
      listServerInterfaces(nova, server_id),
      collect(listNetworks(neutron)),
      collect(listSubnets(neutron)),
      collect(listSecurityGroups(neutron)),
      server.key_name ? unlessMissing(getKeypair(nova, server.key_name)) : undefined,
      flavorOf(
        server,
        (id) => unlessMissing(getFlavor(nova, id)),
        () => collect(listFlavors(nova)),
      ),
      server.image ? unlessMissing(getImage(glance, server.image.id)) : undefined,
    ]);
  const [ports, floating_ips] = await Promise.all([
    Promise.all(inGuestOrder(interfaces, server.addresses).map(({ port_id }) => getPort(neutron, port_id))),
    collect(listFloatingIps(neutron)),
  ]);
  const port_ids = new Set(ports.map(({ id }) => id));
  const storage = has_volumes ? await session.service("block-storage") : null;
  const volumes = storage
    ? await Promise.all(
        attachments.map(async (attachment) => ({
          attachment,
          volume: await getVolume(storage, attachment.volumeId),
        })),
      )
    : [];
  return {
    site,
    server,
    flavor,
    image: image ?? null,
    volumes: inBootOrder(volumes, boots_from_volume),
    boots_from_volume,
    ports,
    networks,
    subnets,
    floating_ips: floating_ips.filter(({ port_id }) => port_id !== null && port_ids.has(port_id)),
    security_groups,
    keypair: keypair ?? null,
    block_storage_limits: storage ? await getBlockStorageLimits(storage) : null,
    compute: { type: nova.type, versions: nova.versions },
  };
}

/** From 2.47 the server holds its flavor's sizes; an older site only the flavor's id. */
async function flavorOf(
  { flavor }: Server,
  find: (id: string) => Promise<Flavor | undefined>,
  list: () => Promise<Flavor[]>,
): Promise<SourceFacts["flavor"]> {
  if (flavor.id !== undefined) {
    const found = await find(flavor.id);
    return {
      id: flavor.id,
      name: found?.name ?? flavor.id,
      vcpus: found?.vcpus ?? 1,
      ram_mb: found?.ram ?? 0,
      disk_gb: found?.disk ?? 0,
    };
  }
  const name = flavor.original_name ?? "";
  const same = (await list()).find((row) => row.name === name);
  return {
    id: same?.id ?? null,
    name,
    vcpus: flavor.vcpus ?? 1,
    ram_mb: flavor.ram ?? 0,
    disk_gb: flavor.disk ?? 0,
  };
}

/**
 * Nova tells a member neither `boot_index` nor the root device's name, so the boot volume is the first bootable one
 * in the order of devices (`/dev/vda` before `/dev/vdb`, and `/dev/vdz` before `/dev/vdaa`).
 */
export function inBootOrder(
  volumes: readonly AttachedVolume[],
  boots_from_volume: boolean,
): AttachedVolume[] {
  const ordered = volumes.toSorted((a, b) => byDevice(a.attachment.device ?? "", b.attachment.device ?? ""));
  if (!boots_from_volume) return ordered;
  const boot = ordered.find(({ volume }) => volume.bootable === "true") ?? ordered[0];
  return boot ? [boot, ...ordered.filter((row) => row !== boot)] : [];
}

function byDevice(a: string, b: string): number {
  return a.length - b.length || a.localeCompare(b);
}
