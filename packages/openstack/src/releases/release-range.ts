import { compareMicroversions, type VersionRange } from "../discovery/microversion.ts";
import type { ServiceType } from "../service/service-types.ts";
import { FINGERPRINTS } from "./fingerprints.ts";
import { RELEASES, type ReleaseRange } from "./releases.ts";

const NEWEST = RELEASES[RELEASES.length - 1] ?? "2026.1";

/**
 * The releases that a service's highest version points to; undefined where it tells nothing (Neutron has no version
 * beyond v2.0) or is older than all we know. A version between two known ones (a vendor's backport, a development
 * snapshot) reaches from the release below it to the one above.
 *
 * @param max highest microversion, or for Keystone and Glance the version id without its `v`
 */
export function releaseRange(type: ServiceType, max: string): ReleaseRange | undefined {
  const known = FINGERPRINTS[type] ?? [];
  const exact = known.find((print) => print.max === max);
  if (exact !== undefined) {
    return { from: exact.from, to: exact.to ?? NEWEST, or_newer: exact.to === undefined };
  }
  const below = known.findLast((print) => compareMicroversions(print.max, max) < 0);
  const above = known.find((print) => compareMicroversions(print.max, max) > 0);
  if (below === undefined) return undefined;
  if (above === undefined) return { from: NEWEST, to: NEWEST, or_newer: true };
  return { from: below.from, to: above.to ?? NEWEST, or_newer: false };
}

/** What of a version range tells the release: microversions, or the version id of Keystone and Glance. */
export function tellingVersion(type: ServiceType, versions: VersionRange): string | undefined {
  if (versions.max !== undefined) return versions.max;
  const id = /^v(\d+\.\d+)$/.exec(versions.version)?.[1];
  return type === "identity" || type === "image" ? id : undefined;
}
