import { collect, isStatus, type Offer, type Session } from "@uniview/openstack";
import { type BlockStorageLimits, getBlockStorageLimits } from "@uniview/openstack/block-storage/limits";
import { listVolumeTypes, type VolumeType } from "@uniview/openstack/block-storage/volume-types";
import { type Flavor, listFlavors } from "@uniview/openstack/compute/flavors";
import { type Keypair, listKeypairs } from "@uniview/openstack/compute/keypairs";
import { type ComputeLimits, getComputeLimits } from "@uniview/openstack/compute/limits";
import type { Server } from "@uniview/openstack/compute/server";
import { findServersByName } from "@uniview/openstack/compute/servers";
import { listNetworks, type Network } from "@uniview/openstack/network/networks";
import { listPorts, type Port } from "@uniview/openstack/network/ports";
import { getNetworkQuota, type NetworkQuota } from "@uniview/openstack/network/quotas";
import { listRouters, type Router } from "@uniview/openstack/network/routers";
import { listSecurityGroups, type SecurityGroup } from "@uniview/openstack/network/security-groups";
import { listSubnets, type Subnet } from "@uniview/openstack/network/subnets";

/** Everything on the target that decides what the copy can be, as the site says it now. */
export interface TargetFacts {
  readonly site: string;
  readonly project_id: string;
  readonly flavors: readonly Flavor[];
  readonly networks: readonly Network[];
  readonly subnets: readonly Subnet[];
  /** Those that this project may see; somebody else's on a shared network it may not. */
  readonly ports: readonly Port[];
  readonly routers: readonly Router[];
  readonly volume_types: readonly VolumeType[];
  readonly security_groups: readonly SecurityGroup[];
  readonly keypairs: readonly Keypair[];
  readonly namesakes: readonly Server[];
  readonly compute_limits: ComputeLimits;
  readonly block_storage_limits: BlockStorageLimits | null;
  readonly network_quota: Readonly<Record<string, NetworkQuota>>;
  /** Disk formats that the image service takes; null: it does not say. */
  readonly disk_formats: readonly string[] | null;
  /** What its compute service offers: from that follows what is lost with it. */
  readonly compute: Offer;
}

/** Reads it all; changes nothing. */
export async function readTarget(site: string, session: Session, name: string): Promise<TargetFacts> {
  const [nova, neutron, glance] = await Promise.all([
    session.service("compute"),
    session.service("network"),
    session.service("image"),
  ]);
  const project_id = (await session.token()).project?.id ?? "";
  const storage = await blockStorageOf(session);
  const [
    flavors,
    networks,
    subnets,
    ports,
    routers,
    security_groups,
    keypairs,
    namesakes,
    compute_limits,
    network_quota,
    disk_formats,
  ] = await Promise.all([
    collect(listFlavors(nova)),
    collect(listNetworks(neutron)),
    collect(listSubnets(neutron)),
    collect(listPorts(neutron)),
    collect(listRouters(neutron)),
    collect(listSecurityGroups(neutron)),
    collect(listKeypairs(nova)),
    findServersByName(nova, name),
    getComputeLimits(nova),
    getNetworkQuota(neutron, project_id),
    glance.get<{ properties?: { disk_format?: { enum?: (string | null)[] } } }>("/schemas/image"),
  ]);
  const formats = disk_formats.properties?.disk_format?.enum;
  return {
    site,
    project_id,
    flavors,
    networks,
    subnets,
    ports,
    routers,
    volume_types: storage ? await collect(listVolumeTypes(storage)) : [],
    security_groups: security_groups.filter(
      (group) => group.project_id === project_id || group.shared === true,
    ),
    keypairs,
    namesakes,
    compute_limits,
    block_storage_limits: storage ? await getBlockStorageLimits(storage) : null,
    network_quota,
    disk_formats: formats ? formats.filter((format) => format !== null) : null,
    compute: { type: nova.type, versions: nova.versions },
  };
}

async function blockStorageOf(session: Session) {
  try {
    return await session.service("block-storage");
  } catch (error) {
    if (isStatus(error, 404) || (error instanceof Error && "kind" in error && error.kind === "no_endpoint"))
      return null;
    throw error;
  }
}
