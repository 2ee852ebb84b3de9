import { OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable, type UnreachableKind } from "../errors/site-unreachable.ts";
import { PROJECT_NAMES, type ServiceType } from "../service/service-types.ts";
import { type EndpointPath, putTogether, takeApart } from "./endpoint-path.ts";
import { compareMicroversions, type VersionRange } from "./microversion.ts";
import { type OfferedVersion, readVersionDocument } from "./read-version-document.ts";

export interface DiscoveredService {
  /** With version, and project id where the service wants it; no slash at the end. */
  endpoint: string;
  versions: VersionRange;
}

/** Reads a version document; the answer may be any JSON. */
export type ReadDocument = (url: string) => Promise<unknown>;

/** Major versions that this library speaks, the best first. */
const MAJORS: Readonly<Record<ServiceType, readonly number[]>> = {
  identity: [3],
  compute: [2],
  "block-storage": [3, 2],
  image: [2],
  network: [2],
  placement: [1],
};

/** Where a document is looked for if neither the URL has a version nor the root a document: some proxies hide the root. */
const USUAL_SEGMENTS: Readonly<Partial<Record<ServiceType, string>>> = {
  identity: "v3",
  compute: "v2.1",
  "block-storage": "v3",
};

/** Cinder wants the project id in the URL up to here. */
const PROJECT_IN_URL_UNTIL = "3.67";

/**
 * Finds the versioned base URL of a service and its microversions. Scheme, host, port and path prefix are always the
 * catalog's; only the version segment is taken from what the service offers.
 *
 * @throws SiteUnreachable not_openstack: neither URL nor documents tell a version that we speak
 * @throws OpenStackError 5xx: the service is there but not well
 */
export async function discoverService(
  type: ServiceType,
  catalog_url: string,
  project_id: string | undefined,
  read: ReadDocument,
): Promise<DiscoveredService> {
  const path = takeApart(type, catalog_url);
  let offered: OfferedVersion[] = [];
  let unwell: OpenStackError | undefined;
  for (const url of documentUrls(type, path)) {
    const answer = await readOffered(url, read);
    if (answer instanceof OpenStackError) {
      unwell ??= answer;
      continue;
    }
    const best = choose(type, answer);
    if (best !== undefined) return describe(type, path, best, project_id);
    offered = [...offered, ...answer];
  }
  if (unwell !== undefined) throw unwell;
  if (path.version === undefined) throw unknownVersion(type, catalog_url, offered);
  // No document to be had (some proxies hide it): the URL says the version, and no microversion is ever asked for.
  return { endpoint: putTogether(path), versions: { version: path.version } };
}

/**
 * Which documents to ask for, in order. Nova (v2.1), Cinder and Keystone describe themselves at their versioned URL;
 * Glance and Neutron only at the root; a legacy `/v2` of Nova and Cinder hides that v2.1 and v3 are there too.
 */
function documentUrls(type: ServiceType, path: EndpointPath): string[] {
  const root = `${path.origin}${path.root}/`;
  if (path.version === undefined) {
    const usual = USUAL_SEGMENTS[type];
    return usual === undefined ? [root] : [root, `${root}${usual}/`];
  }
  const versioned = `${path.origin}${path.root}/${path.version}/`;
  const tells_all = type === "identity" || path.version === "v2.1" || path.version === "v3";
  return tells_all ? [versioned, root] : [root, versioned];
}

/** @returns nothing where there is no document, the error where the service is there but not well */
async function readOffered(url: string, read: ReadDocument): Promise<OfferedVersion[] | OpenStackError> {
  try {
    return readVersionDocument(await read(url));
  } catch (error) {
    if (error instanceof OpenStackError) return error.status < 500 ? [] : error;
    // Behind a proxy a root may be somebody's web page, or lead to the name that the service has inside.
    if (error instanceof SiteUnreachable && NO_DOCUMENT.has(error.kind)) return [];
    throw error;
  }
}

const NO_DOCUMENT: ReadonlySet<UnreachableKind> = new Set(["not_openstack", "redirected"]);

function choose(type: ServiceType, offered: readonly OfferedVersion[]): OfferedVersion | undefined {
  for (const major of MAJORS[type]) {
    const [best] = offered
      .filter((version) => version.major === major && version.status !== "EXPERIMENTAL")
      .sort((a, b) => b.minor - a.minor);
    if (best !== undefined) return best;
  }
  return undefined;
}

function describe(
  type: ServiceType,
  path: EndpointPath,
  best: OfferedVersion,
  project_id: string | undefined,
): DiscoveredService {
  const { id, min, max } = best;
  const versions: VersionRange = {
    version: id,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
  const tail =
    path.tail === "" && wantsProject(type, versions) && project_id !== undefined
      ? `/${project_id}`
      : path.tail;
  return { endpoint: putTogether({ ...path, version: segmentOf(type, best), tail }), versions };
}

function wantsProject(type: ServiceType, { max }: VersionRange): boolean {
  return (
    type === "block-storage" && (max === undefined || compareMicroversions(max, PROJECT_IN_URL_UNTIL) < 0)
  );
}

/** How the version is spelled in the URL. */
function segmentOf(type: ServiceType, { major, minor }: OfferedVersion): string | undefined {
  switch (type) {
    case "placement":
      return undefined;
    case "compute":
      return minor === 0 ? `v${major}` : `v${major}.${minor}`;
    case "network":
      return `v${major}.0`;
    default:
      return `v${major}`;
  }
}

function unknownVersion(
  type: ServiceType,
  catalog_url: string,
  offered: readonly OfferedVersion[],
): SiteUnreachable {
  const { host } = new URL(catalog_url);
  const found =
    offered.length === 0 ? "no version document" : `only ${offered.map(({ id }) => id).join(", ")}`;
  const message = `The catalog says that ${type} (${PROJECT_NAMES[type]}) is at ${catalog_url}, but there is ${found}.`;
  return new SiteUnreachable("not_openstack", host, `${message} Check the endpoint in the site's catalog.`);
}
