import type { VersionRange } from "../discovery/microversion.ts";
import { PROJECT_NAMES, type ServiceType } from "../service/service-types.ts";
import { releaseRange, tellingVersion } from "./release-range.ts";
import { nameRange, orderOf, type Release, type ReleaseRange } from "./releases.ts";

export interface ReleaseEvidence {
  service: ServiceType;
  /** What the service showed: `2.93`. */
  version: string;
  range: ReleaseRange;
  /** `Nova 2.93: Zed` */
  text: string;
}

/**
 * - `high`: Nova and Cinder are among the witnesses and all agree
 * - `low`: one of them is missing
 * - `mixed`: the services are of different releases (an upgrade under way, or a vendor's backports)
 * - `none`: nothing tells
 */
export type Confidence = "high" | "low" | "mixed" | "none";

export interface SiteRelease {
  /** `Zed`, `2024.1 to 2024.2`, `Zed and 2024.1 (services differ)`, `unknown` */
  name: string;
  /** undefined where nothing tells; for `mixed` from the oldest to the newest. */
  range: ReleaseRange | undefined;
  confidence: Confidence;
  evidence: ReleaseEvidence[];
}

/**
 * What all services together say about a site's release: the releases that every witness allows. Never one name
 * where several are possible. Where they contradict each other the site is mixed, and each service keeps its own range.
 */
export function siteRelease(services: readonly { type: ServiceType; versions: VersionRange }[]): SiteRelease {
  const evidence = services.map(witness).filter((item) => item !== undefined);
  const [first] = evidence;
  if (first === undefined) return { name: "unknown", range: undefined, confidence: "none", evidence };
  const common = evidence.map((item) => item.range).reduce<ReleaseRange | undefined>(overlap, first.range);
  if (common === undefined) return mixed(evidence, first.range);
  const witnesses = new Set(evidence.map((item) => item.service));
  const confidence = witnesses.has("compute") && witnesses.has("block-storage") ? "high" : "low";
  return { name: nameRange(common), range: common, confidence, evidence };
}

function witness({
  type,
  versions,
}: {
  type: ServiceType;
  versions: VersionRange;
}): ReleaseEvidence | undefined {
  const version = tellingVersion(type, versions);
  if (version === undefined) return undefined;
  const range = releaseRange(type, version);
  if (range === undefined) return undefined;
  return { service: type, version, range, text: `${PROJECT_NAMES[type]} ${version}: ${nameRange(range)}` };
}

function overlap(a: ReleaseRange | undefined, b: ReleaseRange): ReleaseRange | undefined {
  if (a === undefined) return undefined;
  const from = later(a.from, b.from);
  const to = earlier(a.to, b.to);
  return orderOf(from) > orderOf(to) ? undefined : { from, to, or_newer: a.or_newer && b.or_newer };
}

function mixed(evidence: ReleaseEvidence[], first: ReleaseRange): SiteRelease {
  const ranges = evidence.map((item) => item.range);
  // The most telling statement of each service: its latest possible "from", its earliest possible "to".
  const oldest = ranges.reduce(
    (least, range) => (orderOf(range.to) < orderOf(least.to) ? range : least),
    first,
  );
  const newest = ranges.reduce(
    (most, range) => (orderOf(range.from) > orderOf(most.from) ? range : most),
    first,
  );
  const range = { from: oldest.from, to: newest.to, or_newer: newest.or_newer };
  const name = `${nameRange(oldest)} and ${nameRange(newest)} (services differ)`;
  return { name, range, confidence: "mixed", evidence };
}

function later(a: Release, b: Release): Release {
  return orderOf(a) >= orderOf(b) ? a : b;
}

function earlier(a: Release, b: Release): Release {
  return orderOf(a) <= orderOf(b) ? a : b;
}
