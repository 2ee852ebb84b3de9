import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** A port of a server as Nova shows it. */
export interface ServerInterface {
  port_id: string;
  net_id: string;
  mac_addr: string;
  port_state: string;
  fixed_ips: { subnet_id: string; ip_address: string }[];
  /** From 2.70. */
  tag?: string | null;
}

/** In the order in which the guest got them: the first is its first NIC. */
export function listServerInterfaces(nova: ServiceClient, server_id: string): Promise<ServerInterface[]> {
  const { microversion } = negotiate(nova, "read_interface.tag");
  return nova.get(`/servers/${server_id}/os-interface`, { microversion, unwrap: "interfaceAttachments" });
}

export type NewServerInterface =
  | { port_id: string }
  | { net_id: string; fixed_ips?: readonly { ip_address: string }[] };

export function attachInterface(
  nova: ServiceClient,
  server_id: string,
  attachment: NewServerInterface,
): Promise<ServerInterface> {
  const body = { interfaceAttachment: attachment };
  return nova.post(`/servers/${server_id}/os-interface`, { body, unwrap: "interfaceAttachment" });
}

/** Also deletes the port, where Nova made it. */
export async function detachInterface(
  nova: ServiceClient,
  server_id: string,
  port_id: string,
): Promise<void> {
  await nova.delete(`/servers/${server_id}/os-interface/${port_id}`);
}
