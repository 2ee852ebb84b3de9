import type { Discovery, ReleaseRange } from "@uniview/api";
import {
  describeOpenly,
  describeSite,
  nameRange,
  type ReleaseRange as Releases,
  type ServiceDescription,
  type ServicesDescription,
  type Session,
  type SiteRelease,
  serviceTypeOf,
} from "@uniview/openstack";
import { limitationsOf } from "./limitations.ts";

/** Looks at every service of a site, as the contract tells it. */
export async function discover(session: Session): Promise<Discovery> {
  const begun = performance.now();
  const description = await describeSite(session);
  return { ...discovered(description, begun), regions: description.regions };
}

/** The same without a credential, at the endpoints that are known from before. */
export async function discoverOpenly(session: Session, before: Discovery): Promise<Discovery> {
  const begun = performance.now();
  const known = before.services.map(({ type, name, endpoint }) => ({
    catalog_type: type,
    type: serviceTypeOf(type),
    name,
    endpoint: endpoint || undefined,
  }));
  return { ...discovered(await describeOpenly(session, known), begun), regions: before.regions };
}

function discovered(description: ServicesDescription, begun: number): Omit<Discovery, "regions"> {
  const ends = description.certificates.map(({ valid_to }) => valid_to).sort();
  return {
    services: description.services.map(discoveredService),
    release: siteRelease(description.release),
    limitations: limitationsOf(description),
    certificate_expires_at: ends[0] ?? null,
    discovered_at: description.described_at,
    took_ms: Math.round(performance.now() - begun),
  };
}

function discoveredService(service: ServiceDescription): Discovery["services"][number] {
  const { type, catalog_type, name, endpoint, versions, release, state, problem } = service;
  const max = versions?.max;
  return {
    type: type ?? catalog_type,
    name: name ?? "",
    endpoint: endpoint ?? "",
    version: versions?.version || null,
    min_microversion: versions?.min ?? null,
    max_microversion: max ?? null,
    release: release ? rangeOf(release, nameRange(release), `${type} ${max ?? versions?.version}`) : null,
    state: state === "unavailable" ? "unavailable" : "ok",
    ...(state === "not_checked" ? { problem: "Not looked into: Uniview does not use it." } : {}),
    ...(problem ? { problem } : {}),
  };
}

function siteRelease({ name, range, evidence }: SiteRelease): ReleaseRange {
  const text = evidence.map((one) => one.text).join("; ") || "no service tells";
  return range ? rangeOf(range, name, text) : { label: name, from: null, to: null, evidence: text };
}

function rangeOf({ from, to, or_newer }: Releases, label: string, evidence: string): ReleaseRange {
  return { label, from, to: or_newer ? null : to, evidence };
}
