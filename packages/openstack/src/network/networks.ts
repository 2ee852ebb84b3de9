import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Network {
  id: string;
  name: string;
  description?: string;
  status: string;
  admin_state_up: boolean;
  shared: boolean;
  "router:external"?: boolean;
  port_security_enabled?: boolean;
  mtu?: number;
  project_id: string;
  subnets: string[];
  availability_zones?: string[];
  tags?: string[];
  "provider:network_type"?: string;
  "provider:segmentation_id"?: number | null;
  "provider:physical_network"?: string | null;
}

/** The project's own networks, and those shared with it or external. */
export function listNetworks(
  neutron: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Network[], void> {
  return listPages<Network>(neutron, { ...options, path: "/networks", key: "networks" });
}

/** @throws OpenStackError 404 no such network, or none that this project may use */
export function getNetwork(neutron: ServiceClient, id: string): Promise<Network> {
  return neutron.get<Network>(`/networks/${id}`, { unwrap: "network" });
}

/** Without subnets: ports on it get no addresses. MTU in bytes. @throws OpenStackError 409 quota */
export function createNetwork(
  neutron: ServiceClient,
  network: { name: string; description?: string; admin_state_up?: boolean; mtu?: number },
): Promise<Network> {
  return neutron.post<Network>("/networks", { body: { network }, unwrap: "network" });
}

/** @throws OpenStackError 409 while ports are on it */
export async function deleteNetwork(neutron: ServiceClient, id: string): Promise<void> {
  await neutron.delete(`/networks/${id}`);
}
