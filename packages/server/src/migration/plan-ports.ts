import { BlockList, isIPv4 } from "node:net";
import type { PlannedPort } from "@uniview/api";
import type { Network } from "@uniview/openstack/network/networks";
import type { Port } from "@uniview/openstack/network/ports";
import type { NetworkMapping } from "./mappings/networks.ts";
import type { PortOrder } from "./orders.ts";
import type { SourceFacts } from "./source-facts.ts";
import type { TargetFacts } from "./target-facts.ts";

export interface PortPlan {
  readonly shown: PlannedPort;
  /** null: its network has no mapping yet. */
  readonly order: PortOrder | null;
}

/**
 * What each port becomes. Neutron's default policy lets only the owner of a network choose a MAC or an address on
 * it (`create_port:mac_address`, `create_port:fixed_ips:ip_address`), so on a shared network neither can be kept.
 */
export function planPorts(
  source: SourceFacts,
  target: TargetFacts,
  networks: readonly NetworkMapping[],
): PortPlan[] {
  return source.ports.map((port, index) => {
    const mapping = networks.find((row) => row.source.id === port.network_id);
    const network = mapping?.target ?? null;
    const floating = source.floating_ips.find(({ port_id }) => port_id === port.id);
    const external = floating && network ? externalNetworkOf(network, target) : null;
    const kept = network
      ? whatIsKept(port, network, target)
      : { mac: false, addresses: null, why: "Its network has no mapping." };
    return {
      shown: {
        source_id: port.id,
        network: mapping?.source.name ?? port.network_id,
        target_network: network?.name ?? null,
        mac_address: port.mac_address,
        fixed_ips: port.fixed_ips.map(({ ip_address }) => ip_address),
        keeps_mac: kept.mac,
        keeps_fixed_ips: kept.addresses !== null,
        why: kept.why,
        floating_ip: floating?.floating_ip_address ?? null,
        target_floating_network: external?.name ?? null,
      },
      order: network && {
        index,
        source_port_id: port.id,
        target_network_id: network.id,
        name: port.name,
        description: port.description ?? "",
        mac_address: kept.mac ? port.mac_address : null,
        fixed_ips: kept.addresses ?? [],
        source_security_group_ids: port.port_security_enabled === false ? [] : port.security_groups,
        // Off, and address pairs, are for the owner of the network; on is what a new port has anyway.
        port_security_enabled:
          port.port_security_enabled === false && network.project_id === target.project_id ? false : null,
        allowed_address_pairs:
          network.project_id === target.project_id ? (port.allowed_address_pairs ?? []) : [],
        floating_network_id: external?.id ?? null,
      },
    };
  });
}

function whatIsKept(
  port: Port,
  network: Network,
  target: TargetFacts,
): { mac: boolean; addresses: PortOrder["fixed_ips"] | null; why: string } {
  if (network.project_id !== target.project_id) {
    return {
      mac: false,
      addresses: null,
      why: `The network ${network.name} belongs to another project: its policy lets a member choose neither MAC nor address.`,
    };
  }
  const on_network = target.ports.filter(({ network_id }) => network_id === network.id);
  const mac_holder = on_network.find(
    ({ mac_address }) => mac_address.toLowerCase() === port.mac_address.toLowerCase(),
  );
  const addresses = port.fixed_ips.map(({ ip_address }) => {
    const subnet = target.subnets.find(
      ({ network_id, cidr }) => network_id === network.id && contains(cidr, ip_address),
    );
    const holder = on_network.find(({ fixed_ips }) =>
      fixed_ips.some((taken) => taken.ip_address === ip_address),
    );
    return { ip_address, subnet, holder };
  });
  const outside = addresses.find(({ subnet }) => !subnet);
  const taken = addresses.find(({ holder }) => holder);
  const reasons = [
    mac_holder ? `The MAC is taken by port ${mac_holder.id}.` : "",
    outside ? `${outside.ip_address} is in no subnet of ${network.name}.` : "",
    taken?.holder
      ? `${taken.ip_address} is taken by port ${taken.holder.id}${taken.holder.device_id ? ` of ${taken.holder.device_id}` : ""}.`
      : "",
  ].filter(Boolean);
  const fixed_ips = addresses.flatMap(({ ip_address, subnet }) =>
    subnet ? [{ ip_address, subnet_id: subnet.id }] : [],
  );
  return {
    mac: !mac_holder,
    addresses: outside || taken ? null : fixed_ips,
    why:
      reasons.length > 0
        ? reasons.join(" ")
        : `The network ${network.name} is the project's own, and both are free there.`,
  };
}

/** The external network behind the router that the network is connected to: only there can a floating IP come from. */
function externalNetworkOf(network: Network, target: TargetFacts): Network | null {
  const on_network = target.ports.filter(
    ({ network_id, device_owner }) => network_id === network.id && device_owner.startsWith("network:"),
  );
  const behind = on_network.map(
    ({ device_id }) => target.routers.find(({ id }) => id === device_id)?.external_gateway_info?.network_id,
  );
  return target.networks.find(({ id }) => behind.includes(id)) ?? null;
}

/** Is the address in the range? Both of the same family, as Neutron spells them. */
export function contains(cidr: string, address: string): boolean {
  const [base, prefix] = cidr.split("/");
  if (base === undefined || prefix === undefined || isIPv4(base) !== isIPv4(address)) return false;
  const family = isIPv4(base) ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(base, Number(prefix), family);
  return range.check(address, family);
}
