import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Router {
  id: string;
  name: string;
  project_id: string;
  status: string;
  admin_state_up: boolean;
  external_gateway_info: {
    network_id: string;
    external_fixed_ips?: { subnet_id: string; ip_address: string }[];
    enable_snat?: boolean;
  } | null;
  tags?: string[];
}

/** Yields pages; of every project for admins, of the own one for everybody else. */
export function listRouters(
  neutron: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Router[], void> {
  return listPages<Router>(neutron, { ...options, path: "/routers", key: "routers" });
}

/** @throws OpenStackError 404 */
export function getRouter(neutron: ServiceClient, id: string): Promise<Router> {
  return neutron.get<Router>(`/routers/${id}`, { unwrap: "router" });
}
