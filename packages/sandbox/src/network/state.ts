/** What every Neutron resource carries. */
export interface NetworkResource {
  id: string;
  name: string;
  description: string;
  project_id: string;
  tags: string[];
  created_at: string;
  updated_at: string;
  revision_number: number;
}

export interface Network extends NetworkResource {
  admin_state_up: boolean;
  mtu: number;
  shared: boolean;
  external: boolean;
  port_security_enabled: boolean;
}

export interface Subnet extends NetworkResource {
  network_id: string;
  cidr: string;
  gateway_ip: string | null;
  enable_dhcp: boolean;
  allocation_pools: Array<{ start: string; end: string }>;
  dns_nameservers: string[];
  host_routes: Array<{ destination: string; nexthop: string }>;
}

export interface FixedIp {
  subnet_id: string;
  ip_address: string;
}

export interface Port extends NetworkResource {
  network_id: string;
  mac_address: string;
  admin_state_up: boolean;
  status: "ACTIVE" | "DOWN" | "BUILD";
  device_id: string;
  device_owner: string;
  fixed_ips: FixedIp[];
  security_groups: string[];
  allowed_address_pairs: Array<{ ip_address: string; mac_address?: string }>;
  port_security_enabled: boolean;
  vnic_type: string;
  qos_policy_id?: string | null;
}

export interface QosPolicy {
  id: string;
  name: string;
  shared: boolean;
  rules: { id: string; min_kbps: number; direction: string }[];
}

export interface SecurityGroup extends NetworkResource {
  stateful: boolean;
}

export interface SecurityGroupRule {
  id: string;
  security_group_id: string;
  project_id: string;
  direction: "ingress" | "egress";
  ethertype: "IPv4" | "IPv6";
  protocol: string | null;
  port_range_min: number | null;
  port_range_max: number | null;
  remote_ip_prefix: string | null;
  remote_group_id: string | null;
  description: string;
  created_at: string;
}

export interface FloatingIp extends NetworkResource {
  floating_network_id: string;
  floating_ip_address: string;
  port_id: string | null;
  fixed_ip_address: string | null;
  router_id: string | null;
}

export interface Router extends NetworkResource {
  admin_state_up: boolean;
  gateway: { network_id: string; fixed_ips: FixedIp[]; enable_snat: boolean } | null;
  routes: Array<{ destination: string; nexthop: string }>;
}
