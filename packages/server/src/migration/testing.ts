import type { PlanMigration } from "@uniview/api";
import type { Flavor } from "@uniview/openstack/compute/flavors";
import type { Network } from "@uniview/openstack/network/networks";
import type { Port } from "@uniview/openstack/network/ports";
import type { SourceFacts } from "./source-facts.ts";
import type { TargetFacts } from "./target-facts.ts";

/** Facts of two sites that a migration between succeeds: tests change what they are about. */

export const flavor = (name: string, vcpus: number, ram: number, disk: number): Flavor => ({
  id: `id-${name}`,
  name,
  vcpus,
  ram,
  disk,
  swap: 0,
});

export const network = (id: string, name: string, project_id: string): Network => ({
  id,
  name,
  status: "ACTIVE",
  admin_state_up: true,
  shared: false,
  project_id,
  subnets: [`${id}-subnet`],
});

const subnet = (network_id: string, cidr: string) => ({
  id: `${network_id}-subnet`,
  name: "",
  network_id,
  project_id: "p",
  cidr,
  ip_version: 4 as const,
  gateway_ip: null,
  enable_dhcp: true,
  allocation_pools: [],
  dns_nameservers: [],
  host_routes: [],
});

export const port = (id: string, network_id: string, mac_address: string, ip_address: string): Port => ({
  id,
  name: "",
  network_id,
  project_id: "p",
  mac_address,
  fixed_ips: [{ subnet_id: `${network_id}-subnet`, ip_address }],
  status: "ACTIVE",
  admin_state_up: true,
  device_id: "",
  device_owner: "",
  security_groups: ["sg-web"],
});

export function sourceFacts(): SourceFacts {
  return {
    site: "old",
    server: {
      id: "server-1",
      name: "web",
      status: "ACTIVE",
      tenant_id: "p-old",
      created: "2026-01-01T00:00:00Z",
      flavor: {},
      image: { id: "image-1" },
      key_name: "me",
    },
    flavor: { id: "id-small", name: "small", vcpus: 2, ram_mb: 2048, disk_gb: 10 },
    image: {
      id: "image-1",
      name: "debian",
      status: "active",
      visibility: "public",
      owner: null,
      protected: false,
      disk_format: "qcow2",
      container_format: "bare",
      size: 1000,
      checksum: null,
      min_disk: 1,
      min_ram: 0,
      tags: [],
      created_at: "",
      updated_at: "",
      hw_disk_bus: "scsi",
      owner_specified: "x",
    },
    volumes: [],
    boots_from_volume: false,
    ports: [port("port-1", "net-old", "fa:16:3e:00:00:01", "10.0.0.5")],
    networks: [network("net-old", "app", "p-old")],
    subnets: [subnet("net-old", "10.0.0.0/24")],
    floating_ips: [],
    security_groups: [
      { id: "sg-web", name: "web", description: "", project_id: "p-old", security_group_rules: [] },
    ],
    keypair: { name: "me", fingerprint: "aa:bb", public_key: "ssh-ed25519 AAAA me" },
    block_storage_limits: null,
    compute: { type: "compute", versions: { version: "v2.1", min: "2.1", max: "2.93" } },
  };
}

export function targetFacts(): TargetFacts {
  return {
    site: "new",
    project_id: "p-new",
    flavors: [flavor("tiny", 1, 512, 1), flavor("small", 2, 2048, 10), flavor("large", 8, 16_384, 100)],
    networks: [network("net-new", "app", "p-new"), network("net-other", "other", "p-new")],
    subnets: [subnet("net-new", "10.0.0.0/24"), subnet("net-other", "10.9.0.0/24")],
    ports: [],
    routers: [],
    volume_types: [{ id: "type-1", name: "ceph", description: null, is_public: true }],
    security_groups: [],
    keypairs: [],
    namesakes: [],
    compute_limits: {
      maxTotalInstances: 10,
      totalInstancesUsed: 9,
      maxTotalCores: 20,
      totalCoresUsed: 0,
      maxTotalRAMSize: -1,
      totalRAMUsed: 0,
      maxTotalKeypairs: 100,
      maxServerMeta: 128,
    },
    block_storage_limits: {
      maxTotalVolumes: 10,
      totalVolumesUsed: 0,
      maxTotalVolumeGigabytes: 100,
      totalGigabytesUsed: 0,
      maxTotalSnapshots: 10,
      totalSnapshotsUsed: 0,
    },
    network_quota: {},
    disk_formats: ["raw", "qcow2"],
    compute: { type: "compute", versions: { version: "v2.1", min: "2.1", max: "2.93" } },
  };
}

export function planRequest(changes: Partial<PlanMigration> = {}): PlanMigration {
  const mappings = { networks: {}, flavors: {}, volume_types: {}, security_groups: {}, keypairs: {} };
  return {
    server: { site: "old", id: "server-1" },
    to: "new",
    mappings,
    keep_source_running: false,
    ...changes,
  };
}
