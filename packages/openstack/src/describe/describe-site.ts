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

/** What a site's services say about themselves, which takes no credential. */
export interface ServicesDescription {
  auth_url: string;
  services: ServiceDescription[];
  release: SiteRelease;
  /** What will not work at this site, and why; empty at a healthy one. */
  unavailable: { service: ServiceType; consequence: string }[];
  certificates: readonly Certificate[];
  /** ISO 8601 UTC */
  described_at: string;
}

export interface SiteDescription extends ServicesDescription {
  region: string | undefined;
  /** All that the catalog has. */
  regions: string[];
  project: Token["project"];
  user: Token["user"];
  roles: string[];
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
  let { token, services } = await look(session);
  if (services.some(isLost)) {
    // The endpoints may have moved with an upgrade, and the catalog came with a token of before.
    session.renewToken();
    ({ token, services } = await look(session));
  }
  const regions = regionsOf(token.catalog);
  return {
    ...described(session, services),
    region: session.region_name ?? (regions.length === 1 ? regions[0] : undefined),
    regions,
    project: token.project,
    user: token.user,
    roles: token.roles.map((role) => role.name),
  };
}

/** Services that say no more of themselves than their URL does are taken at its word, if nobody is there, too. */
const WITH_MICROVERSIONS: ReadonlySet<ServiceType | undefined> = new Set([
  "compute",
  "block-storage",
  "placement",
]);

function isLost({ type, state, versions }: ServiceDescription): boolean {
  return state === "unavailable" || (WITH_MICROVERSIONS.has(type) && versions?.max === undefined);
}

/** What is known of a service from a catalog of before. */
export type KnownService = Pick<ServiceDescription, "catalog_type" | "type" | "name" | "endpoint">;

/**
 * The same of a site that refuses the credential: version documents are open to everybody, and where the services are
 * is known from before. Never throws for what the site does.
 */
export async function describeOpenly(
  session: Session,
  known: readonly KnownService[],
): Promise<ServicesDescription> {
  const services = known.map(async (service): Promise<ServiceDescription> => {
    const { type, endpoint } = service;
    if (type === undefined || endpoint === undefined) return { ...service, ...UNKNOWN, state: "not_checked" };
    return await asked({ ...service, type }, async () => ({
      endpoint,
      versions: await session.versionsAt(type, endpoint),
    }));
  });
  return described(session, await Promise.all(services));
}

function described(session: Session, services: ServiceDescription[]): ServicesDescription {
  const answered = services.flatMap(({ type, versions, state }) =>
    type && versions && state === "ok" ? [{ type, versions }] : [],
  );
  return {
    auth_url: session.auth_url,
    services,
    release: siteRelease(answered),
    unavailable: whatIsMissing(answered.map(({ type }) => type)),
    certificates: session.certificates(),
    described_at: new Date().toISOString(),
  };
}

async function look(session: Session): Promise<{ token: Token; services: ServiceDescription[] }> {
  const token = await session.token();
  checkRegion(token.catalog, { region_name: session.region_name, host: new URL(session.auth_url).host });
  const types = typesIn(token.catalog, session.region_name);
  const known = types.map(async (type) => {
    const entry = token.catalog.find((candidate) => serviceTypeOf(candidate.type) === type);
    const named = { catalog_type: entry?.type ?? type, type, name: entry?.name, endpoint: undefined };
    return await asked(named, async () => await session.service(type, { fresh: true }));
  });
  return { token, services: [...(await Promise.all(known)), ...others(token.catalog, session.region_name)] };
}

/** Our services that the catalog names, Keystone always. */
function typesIn(catalog: Catalog, region_name: string | undefined): ServiceType[] {
  const present = entriesIn(catalog, region_name).map((entry) => serviceTypeOf(entry.type));
  return SERVICE_TYPES.filter((type) => type === "identity" || present.includes(type));
}

const UNKNOWN = { versions: undefined, release: undefined, problem: undefined } as const;

/** A service with what it answers, or with what is wrong with it. */
async function asked(
  service: KnownService & { type: ServiceType },
  ask: () => Promise<{ endpoint: string; versions: VersionRange }>,
): Promise<ServiceDescription> {
  try {
    const { endpoint, versions } = await ask();
    const telling = tellingVersion(service.type, versions);
    const release = telling === undefined ? undefined : releaseRange(service.type, telling);
    return { ...service, endpoint, versions, release, state: "ok", problem: undefined };
  } catch (error) {
    if (!(error instanceof OpenStackError || error instanceof SiteUnreachable)) throw error;
    return { ...service, ...UNKNOWN, state: "unavailable", problem: error.message };
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
