import type { ReleaseName } from "../releases.ts";

/** One server of a demo: what it boots from, what hangs on it, and in which state it is. */
export interface ServerSeed {
  name: string;
  flavor: 0 | 1 | 2;
  /** `image`: root disk of its own. `volume`: boots from a volume. */
  root: "image" | "volume";
  data_volumes?: number;
  state?: "stopped" | "error";
  /** Writes to its disks at its first boot only. */
  idle?: true;
  /** On the shared provider network, where a member may choose neither MAC nor address. */
  on_public?: true;
  floating_ip?: true;
  tags?: string[];
}

export interface Theme {
  flavors: [string, string, string];
  volume_types: [string, string];
  external_cidr: string;
  /** Last octets that the tenant network hands out: sites keep apart, so that moved servers keep their addresses. */
  tenant_pool: { from: number; to: number };
  servers: ServerSeed[];
}

const PORTAL: Theme = {
  flavors: ["c1.nano", "c1.micro", "c1.small"],
  volume_types: ["lvm", "lvm-ssd"],
  external_cidr: "172.24.6.0/24",
  tenant_pool: { from: 10, to: 79 },
  servers: [
    { name: "portal-1", flavor: 0, root: "image", floating_ip: true, tags: ["portal"] },
    { name: "portal-2", flavor: 0, root: "image", tags: ["portal"] },
    { name: "ledger-db", flavor: 1, root: "volume", data_volumes: 1, tags: ["database"] },
    { name: "search-1", flavor: 0, root: "volume" },
    { name: "archive-3", flavor: 0, root: "image", data_volumes: 1, idle: true },
    { name: "print-server", flavor: 0, root: "image", state: "stopped" },
    { name: "edge-proxy", flavor: 0, root: "image", on_public: true },
    { name: "trainee-box", flavor: 2, root: "image", state: "error" },
  ],
};

const SHOP: Theme = {
  flavors: ["m1.tiny", "m1.small", "m1.medium"],
  volume_types: ["ceph", "ceph-ssd"],
  external_cidr: "172.24.4.0/24",
  tenant_pool: { from: 80, to: 149 },
  servers: [
    { name: "web-1", flavor: 0, root: "image", floating_ip: true, tags: ["web"] },
    { name: "web-2", flavor: 0, root: "image", tags: ["web"] },
    { name: "shop-db", flavor: 1, root: "volume", data_volumes: 2, tags: ["database"] },
    { name: "cache-1", flavor: 0, root: "volume" },
    { name: "archive-1", flavor: 0, root: "image", data_volumes: 1, idle: true },
    { name: "wiki", flavor: 0, root: "image", data_volumes: 1, floating_ip: true },
    { name: "mail-1", flavor: 0, root: "volume", data_volumes: 1 },
    { name: "batch-runner", flavor: 0, root: "image", state: "stopped" },
    { name: "dns-1", flavor: 0, root: "image", on_public: true },
    { name: "legacy-app", flavor: 2, root: "image", state: "error" },
  ],
};

const API: Theme = {
  flavors: ["s1.tiny", "s1.small", "s1.large"],
  volume_types: ["rbd-fast", "rbd-bulk"],
  external_cidr: "172.24.5.0/24",
  tenant_pool: { from: 150, to: 219 },
  servers: [
    { name: "api-1", flavor: 0, root: "image", floating_ip: true, tags: ["api"] },
    { name: "api-2", flavor: 0, root: "image", tags: ["api"] },
    { name: "pg-main", flavor: 1, root: "volume", data_volumes: 1, tags: ["database"] },
    { name: "queue-1", flavor: 0, root: "volume" },
    { name: "archive-2", flavor: 0, root: "image", data_volumes: 1, idle: true },
    { name: "grafana", flavor: 0, root: "image", floating_ip: true },
    { name: "ci-worker", flavor: 0, root: "image", state: "stopped" },
    { name: "vpn-gw", flavor: 0, root: "image", on_public: true },
    { name: "gpu-lab", flavor: 2, root: "image", state: "error" },
  ],
};

const BY_RELEASE: Record<ReleaseName, Theme> = {
  queens: PORTAL,
  train: SHOP,
  victoria: PORTAL,
  zed: SHOP,
  "2025.1": API,
  "2026.1": API,
};

/** Sites of different releases have different names for things; a new release takes one of these. */
export function themeOf(release: ReleaseName): Theme {
  return BY_RELEASE[release];
}
