import { allocateIp } from "../network/allocate-ip.ts";
import { addEgressRules, addRule, defaultGroup } from "../network/default-group.ts";
import { formatIp, parseCidr } from "../network/ip.ts";
import { newMac } from "../network/mac.ts";
import { bareResource } from "../network/resource.ts";
import type { Network, Port, Subnet } from "../network/state.ts";
import { defaultPools } from "../network/subnet-routes.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import type { Owners } from "./identity.ts";
import type { Theme } from "./themes.ts";

export interface Networks {
  external: Network;
  tenant: Network;
  router_id: string;
}

/** The same on every site, as tenants like it: moved servers keep their addresses. */
const TENANT_CIDR = "10.0.0.0/24";

export function seedNetworks(site: Site, theme: Theme, owners: Owners): Networks {
  const external = addNetwork(site, owners.admin.project.id, "public", { external: true, shared: true });
  const external_subnet = addSubnet(site, external, "public-subnet", theme.external_cidr, {
    from: 100,
    to: 199,
  });
  const tenant = addNetwork(site, owners.demo.project.id, "demo-net", { external: false, shared: false });
  const tenant_subnet = addSubnet(site, tenant, "demo-subnet", TENANT_CIDR, theme.tenant_pool);
  const router = put(site.state.routers, {
    ...bareResource(site, owners.demo.project.id, "demo-router"),
    admin_state_up: true,
    gateway: {
      network_id: external.id,
      fixed_ips: [{ subnet_id: external_subnet.id, ip_address: allocateIp(site, external_subnet) }],
      enable_snat: true,
    },
    routes: [],
  });
  addPort(site, tenant, {
    device_id: router.id,
    device_owner: "network:router_interface",
    fixed_ips: [{ subnet_id: tenant_subnet.id, ip_address: tenant_subnet.gateway_ip ?? "" }],
    security_groups: [],
  });
  addPort(site, tenant, {
    device_id: `dhcp-${tenant.id}`,
    device_owner: "network:dhcp",
    security_groups: [],
  });
  seedSecurityGroups(site, owners);
  return { external, tenant, router_id: router.id };
}

/** A port with defaults as Neutron would fill them in. */
export function addPort(site: Site, network: Network, given: Partial<Port>): Port {
  const subnet = [...site.state.subnets.values()].find((one) => one.network_id === network.id);
  const fixed_ips =
    given.fixed_ips ?? (subnet ? [{ subnet_id: subnet.id, ip_address: allocateIp(site, subnet) }] : []);
  return put(site.state.ports, {
    ...bareResource(site, network.project_id, ""),
    network_id: network.id,
    mac_address: newMac(site),
    admin_state_up: true,
    status: "ACTIVE",
    device_id: "",
    device_owner: "",
    security_groups: [defaultGroup(site, given.project_id ?? network.project_id).id],
    allowed_address_pairs: [],
    port_security_enabled: true,
    vnic_type: "normal",
    ...given,
    fixed_ips,
  });
}

function addNetwork(
  site: Site,
  project_id: string,
  name: string,
  kind: Pick<Network, "external" | "shared">,
): Network {
  return put(site.state.networks, {
    ...bareResource(site, project_id, name),
    ...kind,
    admin_state_up: true,
    mtu: kind.external ? 1500 : 1450,
    port_security_enabled: true,
  });
}

function addSubnet(
  site: Site,
  network: Network,
  name: string,
  cidr: string,
  pool?: { from: number; to: number },
): Subnet {
  const range = parseCidr(cidr);
  if (range === undefined) throw new Error(`${cidr} is no CIDR`);
  const gateway_ip = formatIp(range.first + 1);
  return put(site.state.subnets, {
    ...bareResource(site, network.project_id, name),
    network_id: network.id,
    cidr,
    gateway_ip,
    enable_dhcp: true,
    allocation_pools: pool
      ? [{ start: formatIp(range.first + pool.from), end: formatIp(range.first + pool.to) }]
      : defaultPools(range.first, range.last, gateway_ip),
    dns_nameservers: [],
    host_routes: [],
  });
}

function seedSecurityGroups(site: Site, owners: Owners): void {
  const project_id = owners.demo.project.id;
  defaultGroup(site, project_id);
  const web = put(site.state.security_groups, {
    ...bareResource(site, project_id, "web", "HTTP, HTTPS and SSH from everywhere"),
    stateful: true,
  });
  addEgressRules(site, web);
  for (const port of [22, 80, 443]) {
    addRule(site, web, {
      direction: "ingress",
      ethertype: "IPv4",
      protocol: "tcp",
      port_range_min: port,
      port_range_max: port,
      remote_ip_prefix: "0.0.0.0/0",
    });
  }
}
