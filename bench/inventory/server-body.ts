import { createHash } from "node:crypto";

/** What the stubs' servers are called after: every fifth is a web server, which makes `web` a broad term. */
const ROLES = ["app", "cache", "db", "queue", "web"];
const FLAVORS = ["m1.small", "m1.medium", "m1.large", "c1.xlarge"];
const IMAGES = 8;
const RACKS = 48;
/** One in ten servers is shut off. */
const SHUTOFF_EVERY = 10;

/** A stable UUID of what it is for: every process of the bench derives the same ones. */
export function uuidOf(...of: readonly (string | number)[]): string {
  const hex = createHash("sha256").update(of.join("/")).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function flavorBody(at: number): Record<string, unknown> {
  return {
    vcpus: 2 ** at,
    ram: 2048 * 2 ** at,
    disk: 20,
    ephemeral: 0,
    swap: 0,
    original_name: FLAVORS[at],
    extra_specs: { "hw:cpu_policy": "shared", "hw:mem_page_size": "small" },
  };
}

export function flavorList(site: number): object[] {
  return FLAVORS.map((name, at) => {
    const { original_name, ...sizes } = flavorBody(at);
    return { ...sizes, id: uuidOf(site, "flavor", at), name, "os-flavor-access:is_public": true };
  });
}

export function imageList(site: number): object[] {
  return Array.from({ length: IMAGES }, (_, at) => ({
    id: uuidOf(site, "image", at),
    name: `debian-${at + 5}-genericcloud-amd64`,
    status: "active",
    visibility: "public",
    disk_format: "qcow2",
    container_format: "bare",
    size: 326_000_000,
    min_disk: 2,
    min_ram: 0,
    owner: "images",
    created_at: "2026-05-01T10:00:00Z",
    updated_at: "2026-05-01T10:00:00Z",
    tags: [],
  }));
}

/**
 * A server of `GET /servers/detail` at 2.96, 2.4 KB of JSON as real ones have. `at` counts the servers of a site;
 * `revision` is 0, or tells one change of the server from another.
 */
export function serverBody(site: number, at: number, revision: number, updated: string): object {
  const id = uuidOf(site, "server", at);
  const role = ROLES[at % ROLES.length];
  const flavor = at % FLAVORS.length;
  const image_id = uuidOf(site, "image", at % IMAGES);
  const self = `http://nova.site-${site}.example.org/v2.1/servers/${id}`;
  const mac = `fa:16:3e:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`;
  const address = (network: number, type: string) => ({
    version: 4,
    addr: `10.${site * 2 + network}.${at >> 8}.${at & 255}`,
    "OS-EXT-IPS:type": type,
    "OS-EXT-IPS-MAC:mac_addr": mac,
  });
  const is_off = at % SHUTOFF_EVERY === 0;
  return {
    id,
    name: `${role}-${String(site).padStart(2, "0")}-${String(at).padStart(5, "0")}`,
    status: is_off ? "SHUTOFF" : "ACTIVE",
    tenant_id: uuidOf(site, "project").replaceAll("-", ""),
    user_id: uuidOf(site, "user").replaceAll("-", ""),
    metadata: {
      role,
      owner: `team-${at % 23}@example.org`,
      cost_center: `cc-${1000 + (at % 31)}`,
      revision: `2026.11.${revision}`,
      monitoring: "node-exporter,process-exporter,blackbox",
      deployed_by: "terraform",
      workspace: `git.example.org/infrastructure/${role}/environments/team-${at % 23}`,
      change_ticket: `https://tickets.example.org/browse/OPS-${10_000 + (at % 997)}`,
      backup_policy: at % 3 === 0 ? "daily" : "weekly",
    },
    hostId: createHash("sha224")
      .update(`${site}/${at % 90}`)
      .digest("hex"),
    image: {
      id: image_id,
      links: [{ rel: "bookmark", href: `http://nova.site-${site}.example.org/images/${image_id}` }],
    },
    flavor: flavorBody(flavor),
    created: "2026-06-01T10:00:00Z",
    updated,
    addresses: { private: [address(0, "fixed")], storage: [address(1, "fixed")] },
    accessIPv4: "",
    accessIPv6: "",
    links: [
      { rel: "self", href: self },
      { rel: "bookmark", href: self.replace("/v2.1", "") },
    ],
    "OS-DCF:diskConfig": "MANUAL",
    progress: 0,
    "OS-EXT-AZ:availability_zone": `az-${at % 3}`,
    config_drive: "",
    key_name: `key-team-${at % 23}`,
    "OS-SRV-USG:launched_at": "2026-06-01T10:01:00.000000",
    "OS-SRV-USG:terminated_at": null,
    security_groups: [{ name: "default" }, { name: `${role}-ingress` }],
    "OS-EXT-STS:task_state": null,
    "OS-EXT-STS:vm_state": is_off ? "stopped" : "active",
    "OS-EXT-STS:power_state": is_off ? 4 : 1,
    "os-extended-volumes:volumes_attached": [
      { id: uuidOf(site, "root volume", at), delete_on_termination: true },
      { id: uuidOf(site, "data volume", at), delete_on_termination: false },
    ],
    locked: false,
    locked_reason: null,
    description: `${role} node of team ${at % 23}, see the runbook at https://runbooks.example.org/${role}`,
    tags: [`rack-${String(at % RACKS).padStart(2, "0")}`, `env-${at % 4 === 0 ? "staging" : "production"}`],
    trusted_image_certificates: null,
    host_status: "UP",
    server_groups: [uuidOf(site, "group", at % 40)],
    pinned_availability_zone: null,
    scheduler_hints: {},
  };
}
