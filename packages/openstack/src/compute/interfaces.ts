import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";
import type { Server } from "./server.ts";

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

/** In no order that means anything: by the ports' ids, as Neutron lists them (seen with Zed). See `inGuestOrder`. */
export function listServerInterfaces(nova: ServiceClient, server_id: string): Promise<ServerInterface[]> {
  const { microversion } = negotiate(nova, "read_interface.tag");
  return nova.get(`/servers/${server_id}/os-interface`, { microversion, unwrap: "interfaceAttachments" });
}

/**
 * The NICs in the order in which the guest got them: the first is its first. Only `addresses` of the server keep that
 * order: of the networks by their first NIC, and within a network. NICs without an address come last.
 *
 * @see nova `api/openstack/common.py`: addresses are made of the cached network information, in its order
 */
export function inGuestOrder(
  interfaces: readonly ServerInterface[],
  addresses: Server["addresses"] = {},
): ServerInterface[] {
  const macs = Object.values(addresses)
    .flat()
    .map((address) => address["OS-EXT-IPS-MAC:mac_addr"]?.toLowerCase());
  const placeOf = ({ mac_addr }: ServerInterface) => {
    const place = macs.indexOf(mac_addr.toLowerCase());
    return place === -1 ? macs.length : place;
  };
  return interfaces.toSorted((a, b) => placeOf(a) - placeOf(b));
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
