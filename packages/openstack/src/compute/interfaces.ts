import type { Degraded } from "../negotiation/degraded.ts";
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

export type NewServerInterface = (
  | { port_id: string }
  | { net_id: string; fixed_ips?: readonly { ip_address: string }[] }
) & { tag?: string | undefined };

export interface AttachedInterface {
  attachment: ServerInterface;
  /** Wishes that this site is too old for. */
  degraded: readonly Degraded[];
}

/** @throws OpenStackError 400 the port is in use, 404 no such server, port or network, 409 the server is not ready */
export async function attachInterface(
  nova: ServiceClient,
  server_id: string,
  { tag, ...wish }: NewServerInterface,
): Promise<AttachedInterface> {
  const tagged = tag === undefined ? undefined : negotiate(nova, "attach_interface.tag");
  const of_tag = tagged?.ways["attach_interface.tag"] === "field" ? { tag } : {};
  const attachment = await nova.post<ServerInterface>(`/servers/${server_id}/os-interface`, {
    body: { interfaceAttachment: { ...wish, ...of_tag } },
    microversion: tagged?.microversion,
    unwrap: "interfaceAttachment",
  });
  return { attachment, degraded: tagged?.degraded ?? [] };
}

/** Also deletes the port, where Nova made it. */
export async function detachInterface(
  nova: ServiceClient,
  server_id: string,
  port_id: string,
): Promise<void> {
  await nova.delete(`/servers/${server_id}/os-interface/${port_id}`);
}
