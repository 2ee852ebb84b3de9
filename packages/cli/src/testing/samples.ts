import type { JobDetail, JobStatus, MigrationPlan, Server, Site, SiteFreshness } from "@uniview/api";

const AT = "2026-11-22T12:00:00.000Z";

export const JOB_ID = "0193f0c5-0000-7000-8000-000000000001";

/** Things as the real server would tell them, for tests to vary. */
export function server(changes: Partial<Server> = {}): Server {
  return {
    id: "11111111-1111-4111-8111-111111111111",
    name: "web-1",
    site: "zed",
    project_id: "p1",
    project_name: "demo",
    status: "ACTIVE",
    created_at: AT,
    updated_at: AT,
    as_of: AT,
    addresses: [
      { network: "demo-net", address: "10.0.0.5", version: 4, mac: "fa:16:3e:00:00:01", kind: "fixed" },
    ],
    flavor: { id: "1", name: "m1.small", vcpus: 1, ram_mb: 2048, disk_gb: 20 },
    image: { id: "i1", name: "debian" },
    volume_ids: [],
    key_name: null,
    security_groups: ["default"],
    availability_zone: "nova",
    power_state: "running",
    task_state: null,
    locked: false,
    tags: [],
    metadata: {},
    fault: null,
    ...changes,
  };
}

export const FRESH: SiteFreshness = { site: "zed", state: "fresh", as_of: AT };

export function unreachable(site: string): SiteFreshness {
  return {
    site,
    state: "unreachable",
    as_of: AT,
    problem: {
      type: "https://uniview.dev/problems/site-unreachable",
      title: "The site does not answer",
      status: 502,
      detail: `${site} does not answer: connection timed out.`,
    },
  };
}

export function listOf<T>(items: T[], sites: SiteFreshness[] = [FRESH]) {
  return { items, sites, total: { count: items.length, exact: true } };
}

export function job(status: JobStatus, changes: Partial<JobDetail> = {}): JobDetail {
  return {
    id: JOB_ID,
    kind: "cold-migration",
    title: "Migrate web-1 from zed to epoxy",
    status,
    owner: "ada",
    labels: { site: "zed", target_site: "epoxy" },
    created_at: AT,
    started_at: AT,
    ended_at: ["succeeded", "undone", "cancelled", "stuck"].includes(status)
      ? "2026-11-22T12:01:15.000Z"
      : null,
    cancel_requested: false,
    committed: false,
    progress: null,
    current_step: null,
    problem: null,
    retry_of: null,
    steps: [],
    input: {},
    result: null,
    log: [],
    ...changes,
  };
}

export function step(changes: Partial<JobDetail["steps"][number]> = {}): JobDetail["steps"][number] {
  return {
    name: "copy",
    title: "Copy the root disk",
    status: "running",
    attempt: 1,
    started_at: AT,
    ended_at: null,
    progress: null,
    note: null,
    problem: null,
    request_ids: [],
    ...changes,
  };
}

export function plan(changes: Partial<MigrationPlan> = {}): MigrationPlan {
  return {
    server: { site: "zed", id: "1", name: "web-1", status: "ACTIVE" },
    target: { site: "epoxy", project_id: "p2", project_name: "demo", name: "web-1" },
    can_start: true,
    checks: [
      { id: "quota.instances", title: "Quota of servers", outcome: "pass", detail: "1 of 10 used" },
      {
        id: "network.mac",
        title: "MAC address",
        outcome: "warn",
        detail: "a member may not choose it on a shared network",
        remedy: "Ask for it.",
      },
    ],
    mappings: [
      {
        kind: "network",
        source: { id: "n1", name: "demo-net" },
        target: { id: "n2", name: "private" },
        creates: false,
        why: "the same subnet",
        choices: [],
      },
    ],
    disks: [],
    ports: [],
    bytes_estimate: 3 * 1024 ** 3,
    downtime: { estimate_s: 75, basis: "the last transfer between the two" },
    degraded: [],
    consistency: "stopped",
    ...changes,
  };
}

export function site(changes: Partial<Site> = {}): Site {
  const release = { label: "Zed", from: "zed", to: "zed", evidence: "compute 2.93" };
  return {
    id: "0193f0c5-0000-7000-8000-000000000002",
    name: "zed",
    auth_url: "http://192.0.2.1:5000/v3",
    region_name: "RegionOne",
    interface: "public",
    state: "fresh",
    as_of: AT,
    unreachable_since: null,
    latency_ms: 12,
    discovery: {
      services: [
        {
          type: "compute",
          name: "nova",
          endpoint: "http://192.0.2.1:8774/v2.1",
          version: "v2.1",
          min_microversion: "2.1",
          max_microversion: "2.93",
          release,
          state: "ok",
        },
      ],
      release,
      limitations: [{ what: "Backups", why: "there is no block storage" }],
      regions: ["RegionOne"],
      certificate_expires_at: null,
      discovered_at: AT,
      took_ms: 420,
    },
    projects: [
      {
        id: "p1",
        name: "demo",
        domain_name: "Default",
        user_name: "demo",
        roles: ["member"],
        credential: { kind: "application_credential", minted: true, expires_at: null },
      },
    ],
    counts: { servers: 3 },
    joined_at: AT,
    ...changes,
  };
}
