import type { Site, SiteProject } from "@uniview/api";
import { credentialLimitations } from "./limitations.ts";
import { PROBE_EVERY_MS } from "./prober.ts";
import type { ProjectRow, SiteRow } from "./site-store.ts";

/** After so many looks that should have been, what is known is no longer fresh. */
const STALE_AFTER_MS = 3 * PROBE_EVERY_MS;

/** A site as the contract shows it to who was granted these projects. */
export function presentSite(
  row: SiteRow,
  projects: readonly ProjectRow[],
  counts: Record<string, number>,
  now = Date.now(),
): Site {
  return {
    id: row.id,
    name: row.name,
    auth_url: row.auth_url,
    region_name: row.region_name,
    interface: row.interface,
    state: stateOf(row, now),
    as_of: row.seen_at,
    ...(row.problem ? { problem: row.problem } : {}),
    unreachable_since: row.unreachable_since,
    latency_ms: row.latency_ms,
    discovery: {
      ...row.discovery,
      limitations: [...row.discovery.limitations, ...projects.flatMap(credentialLimitations)],
    },
    projects: projects.map(presentProject),
    counts,
    joined_at: row.joined_at,
  };
}

function stateOf({ unreachable_since, seen_at }: SiteRow, now: number): Site["state"] {
  if (unreachable_since !== null) return "unreachable";
  return seen_at === null || now - Date.parse(seen_at) > STALE_AFTER_MS ? "stale" : "fresh";
}

function presentProject(row: ProjectRow): SiteProject {
  return {
    id: row.project_id,
    name: row.project_name,
    domain_name: row.domain_name,
    user_name: row.site_user_name,
    roles: row.roles,
    credential: {
      kind: row.credential_kind,
      minted: row.credential_minted,
      ...(row.credential_note === null ? {} : { note: row.credential_note }),
      expires_at: row.credential_expires_at,
    },
  };
}
