import type { VersionRange } from "../discovery/microversion.ts";
import { OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import { releaseRange, tellingVersion } from "../releases/release-range.ts";
import type { ReleaseRange } from "../releases/releases.ts";
import { type SiteRelease, siteRelease } from "../releases/site-release.ts";
import { SERVICE_TYPES, type ServiceType, serviceTypeOf } from "../service/service-types.ts";
import type { Catalog } from "../session/catalog.ts";
import { checkRegion, interfaceOf, isIn, regionsOf } from "../session/find-endpoint.ts";
import type { Certificate, Session } from "../session/session-types.ts";
import type { Token } from "../session/token.ts";
import { whatIsMissing } from "./what-is-missing.ts";

export interface ServiceDescription {
  /** The catalog's own type name. */
  catalog_type: string;
  /** undefined for services that this library does not speak; their state is `not_checked`. */
  type: ServiceType | undefined;
  name: string | undefined;
  endpoint: string | undefined;
  versions: VersionRange | undefined;
  release: ReleaseRange | undefined;
  state: "ok" | "unavailable" | "not_checked";
  /** One sentence, when unavailable. */
  problem: string | undefined;
}

export interface SiteDescription {
  auth_url: string;
  region: string | undefined;
  /** All that the catalog has. */
  regions: string[];
  project: Token["project"];
  user: Token["user"];
  roles: string[];
  services: ServiceDescription[];
  release: SiteRelease;
  /** What will not work at this site, and why; empty at a healthy one. */
  unavailable: { service: ServiceType; consequence: string }[];
  certificates: readonly Certificate[];
  /** ISO 8601 UTC */
  described_at: string;
}

/**
 * Signs in, reads the catalog and asks every service for its versions, all at once. A service that does not answer is
 * part of the description; only a failed sign-in is thrown.
 *
 * @throws OpenStackError the credential is refused
 * @throws SiteUnreachable Keystone cannot be reached; or no_endpoint: the catalog has no such region, or several and
 *   none was named
 */
export async function describeSite(session: Session): Promise<SiteDescription> {
  session.forgetVersions();
  const token = await session.token();
  checkRegion(token.catalog, { region_name: session.region_name, host: new URL(session.auth_url).host });
  const known = await Promise.all(
    typesIn(token.catalog, session.region_name).map((type) => ask(session, type)),
  );
  const services = [...known, ...others(token.catalog, session.region_name)];
  const answered = known.flatMap(({ type, versions }) => (type && versions ? [{ type, versions }] : []));
  const regions = regionsOf(token.catalog);
  return {
    auth_url: session.auth_url,
    region: session.region_name ?? (regions.length === 1 ? regions[0] : undefined),
    regions,
    project: token.project,
    user: token.user,
    roles: token.roles.map((role) => role.name),
    services,
    release: siteRelease(answered),
    unavailable: whatIsMissing(answered.map(({ type }) => type)),
    certificates: session.certificates(),
    described_at: new Date().toISOString(),
  };
}

/** Our services that the catalog names, Keystone always. */
function typesIn(catalog: Catalog, region_name: string | undefined): ServiceType[] {
  const present = entriesIn(catalog, region_name).map((entry) => serviceTypeOf(entry.type));
  return SERVICE_TYPES.filter((type) => type === "identity" || present.includes(type));
}

async function ask(session: Session, type: ServiceType): Promise<ServiceDescription> {
  const entry = (await session.catalog()).find((candidate) => serviceTypeOf(candidate.type) === type);
  const named = { catalog_type: entry?.type ?? type, type, name: entry?.name };
  try {
    const { endpoint, versions } = await session.service(type);
    const telling = tellingVersion(type, versions);
    const release = telling === undefined ? undefined : releaseRange(type, telling);
    return { ...named, endpoint, versions, release, state: "ok", problem: undefined };
  } catch (error) {
    if (!(error instanceof OpenStackError || error instanceof SiteUnreachable)) throw error;
    const blank = { endpoint: undefined, versions: undefined, release: undefined };
    return { ...named, ...blank, state: "unavailable", problem: error.message };
  }
}

function others(catalog: Catalog, region_name: string | undefined): ServiceDescription[] {
  return entriesIn(catalog, region_name)
    .filter((entry) => serviceTypeOf(entry.type) === undefined)
    .map((entry) => ({
      catalog_type: entry.type,
      type: undefined,
      name: entry.name,
      endpoint: entry.endpoints.find((endpoint) => interfaceOf(endpoint) === "public")?.url,
      versions: undefined,
      release: undefined,
      state: "not_checked",
      problem: undefined,
    }));
}

function entriesIn(catalog: Catalog, region_name: string | undefined): Catalog {
  return catalog
    .map((entry) => ({
      ...entry,
      endpoints: entry.endpoints.filter((endpoint) => isIn(endpoint, region_name)),
    }))
    .filter((entry) => entry.endpoints.length > 0);
}
