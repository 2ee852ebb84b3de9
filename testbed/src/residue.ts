import { collect } from "@uniview/openstack";
import { listSnapshots } from "@uniview/openstack/block-storage/snapshots";
import { listVolumes } from "@uniview/openstack/block-storage/volumes";
import { listServers } from "@uniview/openstack/compute/servers";
import { listImages } from "@uniview/openstack/image/images";
import { listFloatingIps } from "@uniview/openstack/network/floating-ips";
import { listPorts } from "@uniview/openstack/network/ports";
import { listSecurityGroups } from "@uniview/openstack/network/security-groups";
import type { Region } from "./region.ts";

/** Everything that a job could leave at a site: `kind id` → what it is. */
export type Belongings = ReadonlyMap<string, string>;

/** What the tenant has at the region now. */
export async function listBelongings({
  nova,
  cinder,
  glance,
  neutron,
  session,
}: Region): Promise<Belongings> {
  const own = { query: { project_id: session.project?.id ?? "" } };
  const [servers, volumes, snapshots, images, ports, floating_ips, groups] = await Promise.all([
    collect(listServers(nova)),
    collect(listVolumes(cinder)),
    collect(listSnapshots(cinder)),
    collect(listImages(glance)),
    collect(listPorts(neutron, own)),
    collect(listFloatingIps(neutron, own)),
    collect(listSecurityGroups(neutron, own)),
  ]);
  return new Map([
    ...servers.map(({ id, name }) => [`server ${id}`, name ?? ""] as const),
    ...volumes.map(({ id, name, status }) => [`volume ${id}`, `${name} ${status}`] as const),
    ...snapshots.map(({ id, name }) => [`snapshot ${id}`, name ?? ""] as const),
    ...images.map(({ id, name, status }) => [`image ${id}`, `${name} ${status}`] as const),
    ...ports.map(({ id, name, device_owner }) => [`port ${id}`, `${name} ${device_owner}`] as const),
    ...floating_ips.map((ip) => [`floating-ip ${ip.id}`, ip.floating_ip_address] as const),
    ...groups.map(({ id, name }) => [`security-group ${id}`, name] as const),
  ]);
}

/** What is there that was not before, but for the keys that may be. */
export function newSince(before: Belongings, after: Belongings, may_be: readonly string[] = []): string[] {
  return [...after]
    .filter(([key]) => !before.has(key) && !may_be.includes(key))
    .map(([key, what]) => `${key} (${what})`);
}
