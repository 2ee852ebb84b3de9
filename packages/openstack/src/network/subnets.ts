import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Subnet {
  id: string;
  name: string;
  network_id: string;
  project_id: string;
  cidr: string;
  ip_version: 4 | 6;
  gateway_ip: string | null;
  enable_dhcp: boolean;
  allocation_pools: { start: string; end: string }[];
  dns_nameservers: string[];
  host_routes: { destination: string; nexthop: string }[];
  ipv6_address_mode?: string | null;
  ipv6_ra_mode?: string | null;
}

/** Yields pages of the subnets of all networks that this project may use. */
export function listSubnets(
  neutron: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Subnet[], void> {
  return listPages<Subnet>(neutron, { ...options, path: "/subnets", key: "subnets" });
}

/** @throws OpenStackError 404 */
export function getSubnet(neutron: ServiceClient, id: string): Promise<Subnet> {
  return neutron.get<Subnet>(`/subnets/${id}`, { unwrap: "subnet" });
}

export type NewSubnet = Pick<Subnet, "network_id" | "cidr" | "ip_version"> &
  Partial<Omit<Subnet, "id" | "project_id">>;

/**
 * @throws OpenStackError 400 it overlaps another subnet of the network, 403 somebody else's network, 409 quota
 */
export function createSubnet(neutron: ServiceClient, subnet: NewSubnet): Promise<Subnet> {
  return neutron.post<Subnet>("/subnets", { body: { subnet }, unwrap: "subnet" });
}

/** @throws OpenStackError 404, 409 while ports have addresses of it */
export async function deleteSubnet(neutron: ServiceClient, id: string): Promise<void> {
  await neutron.delete(`/subnets/${id}`);
}
