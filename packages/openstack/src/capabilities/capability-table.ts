/** One thing that a role may or may not do, or that a site has or has not. */
export interface Capability {
  /** OpenStack's service type. */
  readonly service: string;
  /** Completes "to …": `snapshot a volume`. */
  readonly does: string;
  /** The policy rule that decides, as operators know it. */
  readonly rule?: string;
  /** Whom the services' own policies let do it where nobody changed them; absent: no policy decides. */
  readonly by_default?: "members" | "network_owners";
}

/** The services of a catalog that somebody who moves servers asks for. */
const CATALOG_SERVICES: Readonly<Record<string, string>> = {
  compute: "run servers (Nova)",
  "block-storage": "keep volumes (Cinder)",
  image: "keep images (Glance)",
  network: "connect servers (Neutron)",
  placement: "see what hosts have left (Placement)",
  "object-store": "keep objects (Swift, or Ceph's gateway)",
  "load-balancer": "balance load (Octavia)",
  dns: "name servers (Designate)",
  "key-manager": "keep keys for encrypted volumes (Barbican)",
  orchestration: "run stacks (Heat)",
  "shared-file-system": "share file systems (Manila)",
};

/** Neutron's extensions that a server's ports may depend on. */
const NETWORK_EXTENSIONS: Readonly<Record<string, string>> = {
  "security-group": "filter a port's traffic by security groups",
  "port-security": "switch a port's anti-spoofing off",
  "allowed-address-pairs": "let a port use further addresses",
  "standard-attr-tag": "tag ports and networks",
  extra_dhcp_opt: "give a port DHCP options of its own",
  quota_details: "see how much of the network quota is used",
  router: "route between networks, with floating IPs",
  trunk: "carry several networks over one port",
  qos: "limit a port's bandwidth",
  "rbac-policies": "share a network with chosen projects",
  "dns-integration": "name ports in DNS",
};

const QUOTAS: Readonly<Record<string, readonly [name: string, of: string][]>> = {
  compute: [
    ["instances", "servers"],
    ["cores", "VCPUs"],
    ["ram", "memory"],
  ],
  "block-storage": [
    ["volumes", "volumes"],
    ["gigabytes", "space in volumes and snapshots"],
    ["snapshots", "snapshots"],
  ],
  network: [
    ["port", "ports"],
    ["network", "networks"],
    ["security_group", "security groups"],
    ["floatingip", "floating IPs"],
  ],
};

const NOVA = "os_compute_api";

const FIXED: Readonly<Record<string, Capability>> = {
  "identity.create_application_credential": {
    service: "identity",
    does: "make application credentials",
    rule: "identity:create_application_credential",
    by_default: "members",
  },
  "compute.create_server": {
    service: "compute",
    does: "create a server on ports and volumes",
    rule: `${NOVA}:servers:create`,
    by_default: "members",
  },
  "compute.create_image": {
    service: "compute",
    does: "make an image of a server",
    rule: `${NOVA}:servers:create_image`,
    by_default: "members",
  },
  "compute.create_image_volume_backed": {
    service: "compute",
    does: "make an image of a server that boots from a volume",
    rule: `${NOVA}:servers:create_image:allow_volume_backed`,
    by_default: "members",
  },
  "compute.attach_volume": {
    service: "compute",
    does: "attach a volume to a server",
    rule: `${NOVA}:os-volumes-attachments:create`,
    by_default: "members",
  },
  "compute.import_keypair": {
    service: "compute",
    does: "bring a keypair",
    rule: `${NOVA}:os-keypairs:create`,
    by_default: "members",
  },
  "compute.lock_server": {
    service: "compute",
    does: "lock a server",
    rule: `${NOVA}:os-lock-server:lock`,
    by_default: "members",
  },
  "compute.server_groups": { service: "compute", does: "keep servers together or apart (server groups)" },
  "compute.availability_zones": { service: "compute", does: "choose an availability zone for a server" },
  "compute.hypervisor": { service: "compute", does: "boot disks as KVM guests have them" },
  "compute.limits": { service: "compute", does: "read its own limits of servers" },
  "block-storage.create_volume": {
    service: "block-storage",
    does: "create a volume",
    rule: "volume:create",
    by_default: "members",
  },
  "block-storage.create_volume_from_image": {
    service: "block-storage",
    does: "create a volume of an image",
    rule: "volume:create_from_image",
    by_default: "members",
  },
  "block-storage.create_snapshot": {
    service: "block-storage",
    does: "snapshot a volume",
    rule: "volume:create_snapshot",
    by_default: "members",
  },
  "block-storage.upload_image": {
    service: "block-storage",
    does: "make an image of a volume",
    rule: "volume_extension:volume_actions:upload_image",
    by_default: "members",
  },
  "block-storage.extend_volume": {
    service: "block-storage",
    does: "grow a volume",
    rule: "volume:extend",
    by_default: "members",
  },
  "block-storage.volume_types": { service: "block-storage", does: "choose a volume type" },
  "block-storage.availability_zones": {
    service: "block-storage",
    does: "choose an availability zone for a volume",
  },
  "block-storage.limits": { service: "block-storage", does: "read its own limits of volumes" },
  "image.create": { service: "image", does: "create an image", rule: "add_image", by_default: "members" },
  "image.download": {
    service: "image",
    does: "download an image",
    rule: "download_image",
    by_default: "members",
  },
  "image.download_part": { service: "image", does: "resume the download of an image" },
  "image.import": { service: "image", does: "import images (web-download and others)" },
  "network.create_port": {
    service: "network",
    does: "create a port",
    rule: "create_port",
    by_default: "members",
  },
  "network.mac_on_own_network": {
    service: "network",
    does: "keep a MAC address on a network of its own",
    rule: "create_port:mac_address",
    by_default: "members",
  },
  "network.address_on_own_network": {
    service: "network",
    does: "keep an IP address on a network of its own",
    rule: "create_port:fixed_ips:ip_address",
    by_default: "members",
  },
  "network.port_security_off_on_own_network": {
    service: "network",
    does: "switch port security off on a network of its own",
    rule: "create_port:port_security_enabled",
    by_default: "members",
  },
  "network.mac_on_shared_network": {
    service: "network",
    does: "keep a MAC address on a shared network",
    rule: "create_port:mac_address",
    by_default: "network_owners",
  },
  "network.address_on_shared_network": {
    service: "network",
    does: "keep an IP address on a shared network",
    rule: "create_port:fixed_ips:ip_address",
    by_default: "network_owners",
  },
  "network.create_floating_ip": {
    service: "network",
    does: "create a floating IP",
    rule: "create_floatingip",
    by_default: "members",
  },
};

/** Every capability that is the same at all sites, by name. */
export const CAPABILITIES: Readonly<Record<string, Capability>> = {
  ...mapOf(CATALOG_SERVICES, (type, does) => [`${type}.service`, { service: type, does }]),
  ...FIXED,
  ...mapOf(NETWORK_EXTENSIONS, (alias, does) => [extensionCapability(alias), { service: "network", does }]),
  ...Object.fromEntries(
    Object.entries(QUOTAS).flatMap(([service, names]) =>
      names.map(([name, of]) => [`${service}.quota.${name}`, { service, does: `use more ${of} (quota)` }]),
    ),
  ),
};

export const EXTENSION_ALIASES = Object.keys(NETWORK_EXTENSIONS);
export const CATALOG_TYPES_ASKED = Object.keys(CATALOG_SERVICES);

/** Volume types are each site's own, so their capabilities are named after them. */
export const VOLUME_TYPE_FAMILY = "block-storage.volume_type.";

export function extensionCapability(alias: string): string {
  return `network.extension.${alias}`;
}

/** What is known of a capability by its name; undefined for one that this release of Uniview does not know. */
export function capabilityNamed(name: string): Capability | undefined {
  if (name.startsWith(VOLUME_TYPE_FAMILY)) {
    const type = name.slice(VOLUME_TYPE_FAMILY.length);
    return { service: "block-storage", does: `use the volume type ${type}` };
  }
  return CAPABILITIES[name];
}

function mapOf(
  words: Readonly<Record<string, string>>,
  row: (key: string, word: string) => [string, Capability],
): Record<string, Capability> {
  return Object.fromEntries(Object.entries(words).map(([key, word]) => row(key, word)));
}
