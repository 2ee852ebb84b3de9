import type { Site } from "../site.ts";
import type {
  FloatingIp,
  Network,
  NetworkResource,
  Port,
  Router,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
} from "./state.ts";

const AVAILABILITY_ZONE = "nova";
const DYNAMIC = { availability_zone_hints: [], ipv4_address_scope: null, ipv6_address_scope: null };

function common(resource: NetworkResource): Record<string, unknown> {
  const { id, name, project_id, description, tags, created_at, updated_at, revision_number } = resource;
  return {
    id,
    name,
    tenant_id: project_id,
    project_id,
    description,
    tags,
    created_at,
    updated_at,
    revision_number,
  };
}

export function viewNetwork(site: Site, network: Network, is_admin: boolean): Record<string, unknown> {
  const subnets = [...site.state.subnets.values()].filter((subnet) => subnet.network_id === network.id);
  return {
    ...common(network),
    ...DYNAMIC,
    admin_state_up: network.admin_state_up,
    mtu: network.mtu,
    status: "ACTIVE",
    subnets: subnets.map((subnet) => subnet.id),
    shared: network.shared,
    availability_zones: [AVAILABILITY_ZONE],
    "router:external": network.external,
    port_security_enabled: network.port_security_enabled,
    ...(network.external ? { is_default: false } : {}),
    ...(is_admin
      ? {
          "provider:network_type": network.external ? "flat" : "vxlan",
          "provider:physical_network": network.external ? "physnet1" : null,
          "provider:segmentation_id": network.external ? null : 1000,
        }
      : {}),
  };
}

export function viewSubnet(subnet: Subnet): Record<string, unknown> {
  return {
    ...common(subnet),
    network_id: subnet.network_id,
    ip_version: 4,
    subnetpool_id: null,
    enable_dhcp: subnet.enable_dhcp,
    ipv6_ra_mode: null,
    ipv6_address_mode: null,
    gateway_ip: subnet.gateway_ip,
    cidr: subnet.cidr,
    allocation_pools: subnet.allocation_pools,
    host_routes: subnet.host_routes,
    dns_nameservers: subnet.dns_nameservers,
    service_types: [],
  };
}

export function viewPort(port: Port, is_admin: boolean): Record<string, unknown> {
  return {
    ...common(port),
    network_id: port.network_id,
    mac_address: port.mac_address,
    admin_state_up: port.admin_state_up,
    status: port.status,
    device_id: port.device_id,
    device_owner: port.device_owner,
    fixed_ips: port.fixed_ips,
    allowed_address_pairs: port.allowed_address_pairs,
    extra_dhcp_opts: [],
    security_groups: port.security_groups,
    "binding:vnic_type": port.vnic_type,
    qos_policy_id: port.qos_policy_id ?? null,
    port_security_enabled: port.port_security_enabled,
    ...(is_admin
      ? {
          "binding:host_id": port.device_owner.startsWith("compute:") ? "compute-1" : "",
          "binding:vif_type": port.device_owner === "" ? "unbound" : "ovs",
          "binding:vif_details": {},
          "binding:profile": {},
        }
      : {}),
  };
}

export function viewSecurityGroup(site: Site, group: SecurityGroup): Record<string, unknown> {
  const rules = [...site.state.security_group_rules.values()].filter(
    (rule) => rule.security_group_id === group.id,
  );
  return {
    ...common(group),
    stateful: group.stateful,
    shared: false,
    security_group_rules: rules.map(viewRule),
  };
}

export function viewRule(rule: SecurityGroupRule): Record<string, unknown> {
  return {
    ...rule,
    tenant_id: rule.project_id,
    remote_address_group_id: null,
    normalized_cidr: rule.remote_ip_prefix,
    updated_at: rule.created_at,
    revision_number: 0,
    tags: [],
  };
}

export function viewFloatingIp(site: Site, floating: FloatingIp): Record<string, unknown> {
  const port = floating.port_id === null ? undefined : site.state.ports.get(floating.port_id);
  const { name: _, ...base } = common(floating);
  return {
    ...base,
    floating_ip_address: floating.floating_ip_address,
    floating_network_id: floating.floating_network_id,
    router_id: floating.router_id,
    port_id: floating.port_id,
    fixed_ip_address: floating.fixed_ip_address,
    status: port?.status === "ACTIVE" ? "ACTIVE" : "DOWN",
    port_details: port
      ? {
          name: port.name,
          network_id: port.network_id,
          mac_address: port.mac_address,
          admin_state_up: port.admin_state_up,
          status: port.status,
          device_id: port.device_id,
          device_owner: port.device_owner,
        }
      : null,
  };
}

export function viewRouter(router: Router): Record<string, unknown> {
  return {
    ...common(router),
    admin_state_up: router.admin_state_up,
    status: "ACTIVE",
    external_gateway_info: router.gateway && {
      network_id: router.gateway.network_id,
      external_fixed_ips: router.gateway.fixed_ips,
      enable_snat: router.gateway.enable_snat,
    },
    availability_zones: [AVAILABILITY_ZONE],
    availability_zone_hints: [],
    routes: router.routes,
    flavor_id: null,
  };
}
