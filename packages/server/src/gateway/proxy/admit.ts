import type { FastifyRequest } from "fastify";
import { GLOBAL_REGION, siteOfRegion } from "../catalog/regions.ts";
import type { AccessRule, GatewaySite, GatewayToken } from "../identity/gateway-token.ts";
import { isVersionDocument, type ProxyAddress } from "./address.ts";
import { GatewayFault, notAuthenticated } from "./fault.ts";
import type { OpenSites } from "./open-sites.ts";

export interface AdmitDeps {
  verify(token: string): Promise<GatewayToken | undefined>;
  /** Whether the rules of an application credential allow a call. */
  allows(rules: readonly AccessRule[], call: { service: string; method: string; path: string }): boolean;
  /** Counts a call of this credential or address. @returns seconds to wait, when there were too many */
  take(key: string): number | undefined;
  readonly open_sites: OpenSites;
}

/** Who asks, and of which site; `global` for all of them. */
export interface Admitted {
  readonly token: GatewayToken | undefined;
  readonly site: GatewaySite | typeof GLOBAL_REGION;
}

/**
 * Says before a byte of the body is read whether a call may go on. Version documents are open, as they are at every
 * site: clients read them before they sign in.
 *
 * @throws GatewayFault 401, 403, 404 (also for what others may use), 429
 */
export async function admit(
  deps: AdmitDeps,
  request: FastifyRequest,
  address: ProxyAddress,
  public_url: string,
): Promise<Admitted> {
  const secret = request.headers["x-auth-token"];
  const is_document =
    isVersionDocument(address.path) && (request.method === "GET" || request.method === "HEAD");
  if (typeof secret !== "string" || secret === "") {
    if (!is_document) throw notAuthenticated(public_url);
    limit(deps.take(`address ${request.ip}`));
    if (address.region_id === GLOBAL_REGION) return { token: undefined, site: GLOBAL_REGION };
    const site = await deps.open_sites.find(address.region_id);
    if (!site) throw noSuchRegion(address.region_id);
    return { token: undefined, site };
  }
  const token = await deps.verify(secret);
  if (!token) throw notAuthenticated(public_url);
  limit(deps.take(token.application_credential?.id ?? token.user_id));
  const site =
    address.region_id === GLOBAL_REGION ? GLOBAL_REGION : siteOfRegion(token.sites, address.region_id);
  if (!token.project) {
    throw new GatewayFault(403, "This token is for no project; ask for one that is scoped to a project.");
  }
  if (!site) throw noSuchRegion(address.region_id);
  const rules = token.application_credential?.access_rules;
  const { service, path } = address;
  if (rules && !deps.allows(rules, { service, method: request.method, path })) {
    throw new GatewayFault(
      403,
      `The application credential has no access rule for ${request.method} ${path}.`,
    );
  }
  return { token, site };
}

function limit(wait_s: number | undefined): void {
  if (wait_s === undefined) return;
  throw new GatewayFault(429, `Too many requests; try again in ${wait_s} s.`, {
    "retry-after": String(wait_s),
  });
}

function noSuchRegion(region_id: string): GatewayFault {
  return new GatewayFault(404, `There is no region ${region_id} for you.`);
}
