import type { CapabilityCell, CapabilityHow, CapabilityState } from "@uniview/api";
import { type Finding, VOLUME_TYPE_FAMILY } from "@uniview/openstack";

/** What is known of one capability of a site project. */
export interface Known {
  readonly capability: string;
  readonly state: CapabilityState;
  readonly how: CapabilityHow;
  readonly detail: string | null;
  readonly evidence: CapabilityCell["evidence"];
  readonly since: string;
  readonly checked_at: string;
}

export interface Change {
  readonly capability: string;
  readonly from: CapabilityState;
  readonly to: CapabilityState;
}

export interface Merged {
  /** What is to be written. */
  readonly rows: readonly Known[];
  readonly changes: readonly Change[];
}

/** Does it say something about this very site? */
function tells({ state, how }: Pick<Known, "state" | "how">): boolean {
  return state !== "unknown" && how !== "default_policy";
}

/**
 * Puts findings over what is known. What was once found out stays, with its date, when a later look could not tell; only
 * what contradicts it is a change. A default policy is never contradicted, because it was never claimed of the site.
 */
export function mergeFindings(known: readonly Known[], findings: readonly Finding[], at: string): Merged {
  const before = new Map(known.map((row) => [row.capability, row]));
  const rows: Known[] = [];
  const changes: Change[] = [];
  for (const { capability, state, how, detail = null, evidence = null } of findings) {
    const old = before.get(capability);
    const told = old !== undefined && tells(old);
    if (told && !tells({ state, how })) continue;
    const same = old !== undefined && old.state === state && (told || !tells({ state, how }));
    rows.push({ capability, state, how, detail, evidence, since: same ? old.since : at, checked_at: at });
    if (told && old.state !== state) changes.push({ capability, from: old.state, to: state });
  }
  return { rows, changes };
}

/** Findings for volume types that were listed before and are no longer; only for a list that was read in full. */
export function missingVolumeTypes(known: readonly Known[], findings: readonly Finding[]): Finding[] {
  const listed = new Set(findings.map(({ capability }) => capability));
  return known
    .filter(({ capability }) => capability.startsWith(VOLUME_TYPE_FAMILY) && !listed.has(capability))
    .map(({ capability }) => ({ capability, state: "no", how: "list", detail: "it is not listed any more" }));
}
