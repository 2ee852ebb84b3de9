import { randomBytes, randomUUID } from "node:crypto";
import { listNetworks, type Network } from "../network/networks.ts";
import { listSubnets, type Subnet } from "../network/subnets.ts";
import { collect } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";
import { attempt, idIn } from "./attempt.ts";
import type { Finding } from "./finding.ts";
import { PROBE_PREFIX, type ProbedSite } from "./probed-site.ts";

/**
 * Whether a role may choose a port's MAC and addresses, on a network of its own and on one that others share with it.
 * Every port is asked for in a subnet that is not there: Neutron asks its policy for each field first, and only then
 * looks for the subnet (404). A spent quota is told before both, so it tells nothing.
 */
export async function probePorts({ project_id, client }: ProbedSite): Promise<Finding[]> {
  const neutron = await client("network");
  const networks = await collect(listNetworks(neutron));
  const own = networks.find((one) => one.project_id === project_id && one.subnets.length > 0);
  const shared = networks.find(
    (one) => one.project_id !== project_id && one.shared && one.subnets.length > 0,
  );
  return [
    ...(own === undefined ? [] : await tryOn(neutron, own, "own")),
    ...(shared === undefined ? [] : await tryOn(neutron, shared, "shared")),
  ];
}

async function tryOn(neutron: ServiceClient, network: Network, whose: "own" | "shared"): Promise<Finding[]> {
  const fixed_ip = { subnet_id: randomUUID() };
  const ask = (capability: string, fields: Readonly<Record<string, unknown>>) =>
    attempt({
      capability,
      client: neutron,
      path: "/ports",
      body: { port: { name: PROBE_PREFIX, network_id: network.id, fixed_ips: [fixed_ip], ...fields } },
      past: ({ status, reason }) => (status === 404 || status === 400) && /subnet/i.test(reason),
      takeBack: (answer) => neutron.delete(`/ports/${idIn(answer, "port")}`),
    });
  const plain = await ask("network.create_port", {});
  // Where even a plain port is refused, a refusal of more would say nothing of the MAC.
  if (plain.state !== "yes") return whose === "own" ? [plain] : [];
  const ip_address = await someAddress(neutron, network);
  return [
    ...(whose === "own" ? [plain] : []),
    await ask(`network.mac_on_${whose}_network`, { mac_address: someMac() }),
    ...(ip_address === undefined
      ? []
      : [await ask(`network.address_on_${whose}_network`, { fixed_ips: [{ ...fixed_ip, ip_address }] })]),
    ...(whose === "own"
      ? [await ask("network.port_security_off_on_own_network", { port_security_enabled: false })]
      : []),
  ];
}

/** In Neutron's own range. */
function someMac(): string {
  return `fa:16:3e:${[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`;
}

/** An address as the network has them; the gateway's will do, because the subnet that is named is not there anyway. */
async function someAddress(neutron: ServiceClient, { id }: Network): Promise<string | undefined> {
  const subnets: Subnet[] = await collect(listSubnets(neutron, { query: { network_id: id } }));
  return subnets.map(({ cidr }) => cidr.split("/")[0]).find((address) => address !== undefined);
}
