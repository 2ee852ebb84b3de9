import { nameRange, orderOf, type ReleaseRange } from "../releases/releases.ts";
import { CAPABILITIES } from "./capability-table.ts";
import type { Finding } from "./finding.ts";

/** Releases from which services ask for the role `member` by name; before, any role in the project would do. */
const MEMBER_BY_NAME_SINCE = "2023.1";

export interface Standing {
  readonly roles: readonly string[];
  readonly release: ReleaseRange | undefined;
  /** Services that could not be looked at: nothing is said of them. */
  readonly silent: readonly string[];
}

/**
 * What the services' own policies say where nothing at this site told: weak, because operators change them, and marked
 * so (`how: default_policy`). A finding that does tell is left alone.
 */
export function fillByDefaultPolicies(findings: readonly Finding[], standing: Standing): Finding[] {
  const told = new Map(findings.map((finding) => [finding.capability, finding]));
  for (const [name, { service, by_default }] of Object.entries(CAPABILITIES)) {
    const known = told.get(name);
    if (standing.silent.includes(service) || (known !== undefined && known.state !== "unknown")) continue;
    const state = by_default && stateByDefault(by_default, standing);
    if (state === undefined) {
      if (by_default) told.set(name, known ?? { capability: name, state: "unknown", how: "attempt" });
      continue;
    }
    const where = standing.release ? `${nameRange(standing.release)}'s default` : "the default";
    told.set(name, {
      capability: name,
      state,
      how: "default_policy",
      detail: `${where}; this site may have changed it`,
      ...(known?.evidence ? { evidence: known.evidence } : {}),
    });
  }
  return [...told.values()];
}

function stateByDefault(
  whom: "members" | "network_owners",
  { roles, release }: Standing,
): "yes" | "no" | undefined {
  if (roles.includes("admin")) return "yes";
  if (whom === "network_owners") return "no";
  if (roles.includes("member")) return "yes";
  const any_role_did = release !== undefined && orderOf(release.to) < orderOf(MEMBER_BY_NAME_SINCE);
  return any_role_did && roles.length > 0 ? "yes" : undefined;
}
