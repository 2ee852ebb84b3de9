import type { Site } from "../site.ts";
import { formatIp, parseIp } from "./ip.ts";
import { neutronError } from "./resource.ts";
import type { Subnet } from "./state.ts";

/** Addresses that ports, floating IPs and gateways of the subnet have. */
export function takenIps(site: Site, subnet: Subnet): Set<string> {
  const { ports, floating_ips, routers } = site.state;
  const fixed = [...ports.values()].flatMap((port) => port.fixed_ips);
  const gateways = [...routers.values()].flatMap((router) => router.gateway?.fixed_ips ?? []);
  const taken = [...fixed, ...gateways].filter((ip) => ip.subnet_id === subnet.id).map((ip) => ip.ip_address);
  const floating = [...floating_ips.values()].filter((one) => one.floating_network_id === subnet.network_id);
  return new Set([...taken, ...floating.map((one) => one.floating_ip_address)]);
}

/** The first free address of the pools. @throws Refusal 409 IpAddressGenerationFailure */
export function allocateIp(site: Site, subnet: Subnet): string {
  const taken = takenIps(site, subnet);
  for (const { start, end } of subnet.allocation_pools) {
    const last = parseIp(end) ?? 0;
    for (let ip = parseIp(start) ?? 1; ip <= last; ip++) {
      const address = formatIp(ip);
      if (!taken.has(address)) return address;
    }
  }
  throw neutronError(
    409,
    "IpAddressGenerationFailure",
    `No more IP addresses available on network ${subnet.network_id}.`,
  );
}
