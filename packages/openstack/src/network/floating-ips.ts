import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface FloatingIp {
  id: string;
  floating_ip_address: string;
  floating_network_id: string;
  fixed_ip_address: string | null;
  port_id: string | null;
  router_id: string | null;
  project_id: string;
  status: string;
  description?: string;
  tags?: string[];
}

/** Yields pages; of every project for admins, of the own one for everybody else. */
export function listFloatingIps(
  neutron: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<FloatingIp[], void> {
  return listPages<FloatingIp>(neutron, { ...options, path: "/floatingips", key: "floatingips" });
}

/** @throws OpenStackError 404 */
export function getFloatingIp(neutron: ServiceClient, id: string): Promise<FloatingIp> {
  return neutron.get<FloatingIp>(`/floatingips/${id}`, { unwrap: "floatingip" });
}

/** @throws OpenStackError 409 quota or no address left, 404 the port's subnet has no router to the external network */
export function createFloatingIp(
  neutron: ServiceClient,
  floatingip: {
    floating_network_id: string;
    port_id?: string;
    fixed_ip_address?: string;
    description?: string;
  },
): Promise<FloatingIp> {
  return neutron.post<FloatingIp>("/floatingips", { body: { floatingip }, unwrap: "floatingip" });
}

/** Moves it to a port, or with null takes it off. */
export function assignFloatingIp(
  neutron: ServiceClient,
  id: string,
  port_id: string | null,
): Promise<FloatingIp> {
  return neutron.put<FloatingIp>(`/floatingips/${id}`, {
    body: { floatingip: { port_id } },
    unwrap: "floatingip",
  });
}

/** Gives the address back. @throws OpenStackError 404 */
export async function deleteFloatingIp(neutron: ServiceClient, id: string): Promise<void> {
  await neutron.delete(`/floatingips/${id}`);
}
