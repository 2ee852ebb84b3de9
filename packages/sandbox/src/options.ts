import type { ReleaseName } from "./releases.ts";

/** What a simulated site is asked to be. */
export interface SandboxOptions {
  /** Name of the site; also the entry in its clouds.yaml and, unless said otherwise, its region. */
  name: string;
  release: ReleaseName;
  /** Services of another release: what a rolling upgrade looks like from outside. */
  services?: Partial<Record<"identity" | "compute" | "block-storage" | "image" | "placement", ReleaseName>>;
  /** URLs as sites of that release have them here; they stay when a site is upgraded in place. Default: `release`. */
  layout_of?: ReleaseName;
  region_name?: string;
  /** Folder for the disks' bytes and, with `keep_state`, for what the site remembers. Created when missing. */
  dir: string;
  /** 0 (the default) picks a free port; the same port is kept when the site goes down and up again. */
  port?: number;
  host?: string;
  tls?: { key_pem: string; cert_pem: string };
  /** `demo`: a lived-in project with servers. `empty`: networks, flavors and images, but no server. */
  seed?: "demo" | "empty";
  /** Remember everything in `dir/state.json` over restarts; the seed is used only when that file is missing. */
  keep_state?: boolean;
  /** Bytes on disk of one GiB of the API; less makes tests quicker, images keep all of theirs anyway. */
  disk_bytes_per_gib?: number;
  /** How often a guest writes to its disks. */
  guest_interval_ms?: number;
  /** How long a state such as BUILD or `creating` lasts at least. */
  transition_ms?: number;
  /** Policy rules that this site denies to everyone but administrators, as `volume:create_snapshot`. */
  denied_policies?: readonly string[];
  /** Keystone forbids application credentials (403), as some operators do. */
  forbid_application_credentials?: boolean;
  /** Cinder's `enable_force_upload`: whether `os-volume_upload_image` of an in-use volume may be forced. */
  enable_force_upload?: boolean;
  token_lifetime_s?: number;
}

/** One disk's real bytes: a file below the site's folder. */
export interface Disk {
  kind: "root" | "volume" | "image";
  id: string;
  /** Server whose disk this is now; absent for images and available volumes. */
  server_id?: string;
  path: string;
  size_bytes: number;
  sha256: string;
  /** SHA-256 when a server last booted from (or with) this disk, before its guest wrote anything. */
  sha256_at_boot?: string;
}

/** What a guest says about itself; `counter` goes on from what its root disk says. */
export interface GuestStatus {
  server_id: string;
  status: "running" | "booting" | "off";
  counter: number;
  boots: number;
  /** Id of the first server that ever booted this root disk; survives a migration. */
  uuid: string;
  disks: GuestDisk[];
}

export interface GuestDisk {
  kind: "root" | "data";
  volume_id?: string;
  device: string;
  line: string;
}

export type FaultService =
  | "identity"
  | "compute"
  | "block-storage"
  | "image"
  | "network"
  | "placement"
  | "sandbox"
  | "*";

/** What goes wrong, and for which requests. Absent conditions match everything. */
export interface Fault {
  service?: FaultService;
  method?: string;
  /** Regular expression on the path below the service's prefix, query included. */
  path?: string;
  /** How many requests it hits before it clears itself; absent: until cleared. */
  times?: number;
  /** Answer this instead of doing it. */
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Do it, then answer this: what a crash between acting and answering looks like. */
  after?: boolean;
  latency_ms?: number;
  /** Accept and never answer. */
  hang?: boolean;
  /** Cut the connection after so many bytes of the response body (0: before any answer) … */
  drop_after_bytes?: number;
  /** … or of the request body. */
  drop_upload_after_bytes?: number;
  /** Slow bodies of image downloads and uploads. */
  bytes_per_s?: number;
  /** Policy rule such as `os_compute_api:os-lock-server:lock` that is denied to everyone but administrators. */
  deny_policy?: string;
}

export interface Faults {
  /** Returns the fault's id. */
  set(fault: Fault): string;
  clear(id?: string): void;
  list(): Array<Fault & { id: string; hits: number }>;
  /** Every token given out so far is no longer valid; application credentials and passwords are. */
  expireTokens(): void;
  /** `quota` names as in the service's os-quota-sets (Neutron: quotas), for one project by name or id. */
  setQuota(
    service: "compute" | "block-storage" | "network",
    project: string,
    quota: Record<string, number>,
  ): void;
  /** Closes the listener and all connections; connecting is refused. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
}

export interface Sandbox {
  name: string;
  release: ReleaseName;
  /** Base of the site, without a slash at the end: `${url}/sandbox/disks`. */
  url: string;
  auth_url: string;
  port: number;
  dir: string;
  /** Entries `<name>` (demo, a member) and `<name>-admin`. */
  clouds_yaml: string;
  faults: Faults;
  disks(): Promise<Disk[]>;
  guests(): Promise<GuestStatus[]>;
  close(): Promise<void>;
}
