import { collect, type ServiceClient } from "@uniview/openstack";
import { type FloatingIp, listFloatingIps } from "@uniview/openstack/network/floating-ips";
import { listPorts, type Port } from "@uniview/openstack/network/ports";
import { listSecurityGroups, type SecurityGroup } from "@uniview/openstack/network/security-groups";
import { addTag, type Tagged } from "@uniview/openstack/network/tags";

/**
 * What carries a mark on the network side. Neutron makes nothing with a tag at once, so the description holds the mark
 * from the first moment; in the end a tag takes its place, and the description says again what it said at the source.
 */

export const findPorts = (neutron: ServiceClient, mark: string): Promise<Port[]> =>
  both((query) => collect(listPorts(neutron, { query })), mark);

export const findFloatingIps = (neutron: ServiceClient, mark: string): Promise<FloatingIp[]> =>
  both((query) => collect(listFloatingIps(neutron, { query })), mark);

export const findSecurityGroups = (neutron: ServiceClient, mark: string): Promise<SecurityGroup[]> =>
  both((query) => collect(listSecurityGroups(neutron, { query })), mark);

async function both<T extends { id: string }>(
  list: (query: Record<string, string>) => Promise<T[]>,
  mark: string,
): Promise<T[]> {
  const [described, tagged] = await Promise.all([list({ description: mark }), list({ tags: mark })]);
  return [...new Map([...described, ...tagged].map((row) => [row.id, row])).values()];
}

const BODY_OF = { ports: "port", floatingips: "floatingip", "security-groups": "security_group" } as const;

/** The tag comes first: there is no moment without the mark. */
export async function turnMarkIntoTag(
  neutron: ServiceClient,
  on: Tagged & keyof typeof BODY_OF,
  id: string,
  mark: string,
  description: string,
): Promise<void> {
  await addTag(neutron, on, id, mark);
  await neutron.put(`/${on}/${id}`, { body: { [BODY_OF[on]]: { description } } });
}
