import { OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import { siteRelease } from "../releases/site-release.ts";
import type { ServiceType } from "../service/service-types.ts";
import type { Session } from "../session/session-types.ts";
import { fillByDefaultPolicies } from "./default-policies.ts";
import type { Finding } from "./finding.ts";
import { probeBlockStorage } from "./probe-block-storage.ts";
import { probeCatalog } from "./probe-catalog.ts";
import { probeCompute } from "./probe-compute.ts";
import { probeIdentity } from "./probe-identity.ts";
import { probeImage } from "./probe-image.ts";
import { probeNetwork } from "./probe-network.ts";
import { probeBlockStorageQuotas, probeComputeQuotas, probeNetworkQuotas } from "./probe-quotas.ts";
import { probeThoroughly } from "./probe-thoroughly.ts";
import { probeVolumeTypes } from "./probe-volume-types.ts";
import type { ProbedSite } from "./probed-site.ts";

export interface ProbeOptions {
  /** Also make and remove a volume and a snapshot, for what nothing else tells. */
  readonly thorough?: boolean | undefined;
}

export interface ProbeResult {
  readonly findings: readonly Finding[];
  /** Parts that could not be looked at: their findings are missing, not `no`. */
  readonly problems: readonly { readonly service: ServiceType; readonly problem: string }[];
  /** The volume types were listed in full: one that is missing is gone. */
  readonly lists_volume_types: boolean;
  /** Only of a thorough probe; empty: nothing is left at the site. */
  readonly left_behind: readonly string[];
  /** ISO 8601 UTC */
  readonly probed_at: string;
  readonly took_ms: number;
}

/** Parts by service, each by itself: one that hangs or breaks takes no other with it. */
const PARTS: readonly (readonly [ServiceType, (site: ProbedSite) => Promise<Finding[]>])[] = [
  ["identity", probeCatalog],
  ["identity", probeIdentity],
  ["compute", probeCompute],
  ["compute", probeComputeQuotas],
  ["block-storage", probeBlockStorage],
  ["block-storage", probeBlockStorageQuotas],
  ["block-storage", probeVolumeTypes],
  ["image", probeImage],
  ["network", probeNetwork],
  ["network", probeNetworkQuotas],
];

/**
 * Finds out what one user in one project may do at a site and what it offers, changing nothing there (unless asked to be
 * thorough): by documents, lists, and requests that cannot succeed. What nothing tells is `unknown`, or weakly known
 * by the services' default policies.
 *
 * @throws OpenStackError the sign-in failed; SiteUnreachable no service answered; whatever else fails is a problem of the
 *   result
 */
export async function probeCapabilities(session: Session, options: ProbeOptions = {}): Promise<ProbeResult> {
  const begun = performance.now();
  const token = await session.token();
  const site: ProbedSite = {
    token,
    project_id: token.project?.id ?? "",
    client: (type) => session.service(type),
  };
  const outcomes = await Promise.all(
    PARTS.map(async ([service, probe]) => ({ service, probe, ...(await outcomeOf(probe(site))) })),
  );
  // The catalog came with the token, which may be older than the trouble.
  const asked = outcomes.filter(({ probe }) => probe !== probeCatalog);
  const [first] = asked;
  if (first?.unreachable && asked.every(({ unreachable }) => unreachable)) throw first.unreachable;
  const made = options.thorough ? await outcomeOf(probeThoroughly(site)) : undefined;
  const problems = outcomes.flatMap(({ service, problem }) =>
    problem === undefined ? [] : [{ service, problem }],
  );
  if (made?.problem !== undefined) problems.push({ service: "block-storage", problem: made.problem });
  const found = [...outcomes.flatMap(({ value }) => value ?? []), ...(made?.value?.findings ?? [])];
  return {
    findings: fillByDefaultPolicies(found, {
      roles: token.roles.map(({ name }) => name),
      release: siteRelease(await versionsOf(session)).range,
      silent: problems.map(({ service }) => service),
    }),
    problems: [...new Map(problems.map((one) => [one.service, one])).values()],
    lists_volume_types: outcomes.some(
      ({ probe, value }) => probe === probeVolumeTypes && value !== undefined,
    ),
    left_behind: made?.value?.left_behind ?? [],
    probed_at: new Date().toISOString(),
    took_ms: Math.round(performance.now() - begun),
  };
}

interface Outcome<T> {
  readonly value?: T;
  readonly problem?: string;
  readonly unreachable?: SiteUnreachable;
}

async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    if (error instanceof SiteUnreachable) return { problem: error.message, unreachable: error };
    if (error instanceof OpenStackError) return { problem: error.message };
    throw error;
  }
}

/** The two services whose versions tell the release best; asked before, so no further call. */
async function versionsOf(session: Session) {
  const told = await Promise.all(
    (["compute", "block-storage"] as const).map(async (type) => {
      const { value } = await outcomeOf(session.service(type));
      return value === undefined ? [] : [{ type, versions: value.versions }];
    }),
  );
  return told.flat();
}
