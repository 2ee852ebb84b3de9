import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface FixedIp {
  subnet_id: string;
  ip_address: string;
}

export interface Port {
  id: string;
  name: string;
  description?: string;
  network_id: string;
  project_id: string;
  mac_address: string;
  fixed_ips: FixedIp[];
  status: string;
  admin_state_up: boolean;
  /** The server's id, for a server's port; the empty string for nobody's. */
  device_id: string;
  /** `compute:<zone>` for a server's port. */
  device_owner: string;
  security_groups: string[];
  port_security_enabled?: boolean;
  allowed_address_pairs?: { ip_address: string; mac_address?: string }[];
  extra_dhcp_opts?: { opt_name: string; opt_value: string; ip_version?: number }[];
  "binding:vnic_type"?: string;
  dns_name?: string;
  tags?: string[];
  created_at?: string;
  updated_at?: string;
}

/** Yields pages. `query: { device_id }` finds those of a server. */
export function listPorts(neutron: ServiceClient, options: ListOptions = {}): AsyncGenerator<Port[], void> {
  return listPages<Port>(neutron, { ...options, path: "/ports", key: "ports" });
}

/** @throws OpenStackError 404 */
export function getPort(neutron: ServiceClient, id: string): Promise<Port> {
  return neutron.get<Port>(`/ports/${id}`, { unwrap: "port" });
}

export interface NewPort {
  network_id: string;
  name?: string | undefined;
  description?: string | undefined;
  /** Only the network's owner (or an admin) may choose it, by Neutron's default policy. */
  mac_address?: string | undefined;
  /** Choosing an *address* is for the network's owner too; choosing a subnet is for everybody who may use it. */
  fixed_ips?: readonly Partial<FixedIp>[] | undefined;
  security_groups?: readonly string[] | undefined;
  port_security_enabled?: boolean | undefined;
  allowed_address_pairs?: readonly { ip_address: string; mac_address?: string }[] | undefined;
  extra_dhcp_opts?: readonly { opt_name: string; opt_value: string }[] | undefined;
  "binding:vnic_type"?: string | undefined;
  admin_state_up?: boolean | undefined;
}

/** @throws OpenStackError 403 policy (MAC or address on a shared network), 409 MAC or address in use, quota */
export function createPort(neutron: ServiceClient, port: NewPort): Promise<Port> {
  return neutron.post<Port>("/ports", { body: { port }, unwrap: "port" });
}

/** @throws OpenStackError 403 policy (MAC or address on a shared network), 404, 409 address in use */
export function updatePort(
  neutron: ServiceClient,
  id: string,
  port: Partial<Omit<NewPort, "network_id">>,
): Promise<Port> {
  return neutron.put<Port>(`/ports/${id}`, { body: { port }, unwrap: "port" });
}

/** Also takes it off its server. @throws OpenStackError 404, 409 a router's port */
export async function deletePort(neutron: ServiceClient, id: string): Promise<void> {
  await neutron.delete(`/ports/${id}`);
}
