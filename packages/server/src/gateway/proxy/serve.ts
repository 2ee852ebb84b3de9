import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { SiteService } from "../../sites/service.ts";
import type { SiteDoor } from "../../sites/session-pool.ts";
import { lessen } from "../broker/lessen.ts";
import { CONSOLE, httpOriginOf, tellsConsole, toOurConsole } from "../console/console-url.ts";
import type { ConsoleTickets } from "../console/ticket.ts";
import type { GatewaySite, GatewayToken } from "../identity/gateway-token.ts";
import { PROXY_PREFIX, type ProxyAddress, versionIn } from "./address.ts";
import { AnswerWriter } from "./answer.ts";
import { GatewayFault, siteAway } from "./fault.ts";
import { forward } from "./forward.ts";
import { toSiteHeaders } from "./headers.ts";
import { type RequestBody, takeBody } from "./request-body.ts";
import type { SitePools } from "./site-pools.ts";
import { type ServiceView, type SiteView, toSitePath, toSiteQuery } from "./site-view.ts";
import { serviceIn, type Views } from "./views.ts";

export interface ServeDeps {
  readonly sites: Pick<SiteService, "door">;
  readonly views: Views;
  readonly pools: SitePools;
  readonly log: Logger;
  readonly tickets: ConsoleTickets;
}

/** One call, and where it goes. */
export interface Call {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly address: ProxyAddress;
  readonly public_url: string;
  readonly site: GatewaySite;
  /** undefined: anybody asks, for a version document. */
  readonly token: GatewayToken | undefined;
}

/** A place at a site that a call was found to mean. */
export interface Target {
  readonly door: SiteDoor;
  readonly view: SiteView;
  readonly service: ServiceView;
}

/** @throws GatewayFault 404 the site has no such service; 503 it cannot be asked now */
export async function findTarget(
  { sites, views }: Pick<ServeDeps, "sites" | "views">,
  { site, address, public_url, token }: Pick<Call, "site" | "address" | "public_url" | "token">,
): Promise<Target> {
  const door = await sites.door(site.site_project_id);
  const view = await views.of(public_url, token?.project?.id ?? "-", site);
  if (door.breaker.open) throw siteAway(site.site_name, door.breaker.why?.message ?? "it does not answer.");
  if (!view) throw siteAway(site.site_name, "it has not told its services yet.");
  const service = serviceIn(view, address.service);
  if (service) return { door, view, service };
  throw new GatewayFault(404, `The site ${site.site_name} has no service ${address.service}.`);
}

/** What somebody who looked at the call first adds to it. */
export interface Addition {
  /** Instead of the client's, which was read already. */
  readonly body?: RequestBody;
  /** For the answer, name and value in turns. */
  readonly headers?: readonly string[];
}

/** Passes one call through to its site. @throws GatewayFault as long as nothing was answered */
export async function passThrough(
  deps: ServeDeps,
  call: Call,
  target: Target,
  addition: Addition = {},
): Promise<void> {
  const { request, reply, address, site, token } = call;
  const { door, view, service } = target;
  const { raw } = request;
  const body = addition.body ?? (await takeBody(raw, view, service.type));
  const root = new URL(service.root);
  const path = (root.pathname === "/" ? "" : root.pathname) + toSitePath(address.path, view);
  const query = toSiteQuery(address.query, view);
  const request_id = `req-${request.id}`;
  const rewriting = {
    view,
    service,
    version: versionIn(address.path),
    ...(tellsConsole(service.type, request.method, address.path)
      ? { consoleAt: (url: URL) => consoleAt(deps, call, url) }
      : {}),
  };
  const lesser = await lessen(call, target, body);
  const extra = [...(addition.headers ?? []), ...(lesser?.told ?? [])];
  const writer = new AnswerWriter(reply.raw, rewriting, { request_id, extra });
  const headers = lesser ? { ...raw.headers, ...lesser.asks } : raw.headers;
  await forward(
    {
      site: site.site_name,
      method: raw.method ?? "GET",
      origin: root.origin,
      path: query === "" ? path : `${path}?${query}`,
      with_token: token !== undefined,
      headers: (site_token) => toSiteHeaders(headers, view, site_token, request_id),
      body: lesser?.body ?? body,
      long: body.kind === "stream" || isDownload(service.type, address.path),
    },
    { door, pool: deps.pools.of(site.site_id, door.ca_pem) },
    { request: raw, response: reply.raw, writer },
  );
}

function consoleAt({ tickets }: ServeDeps, { public_url, site }: Call, url: URL): string {
  const ticket = tickets.issue({ site_project_id: site.site_project_id, origin: httpOriginOf(url) });
  return toOurConsole(url, `${public_url}${PROXY_PREFIX}${site.region_id}/${CONSOLE}/${ticket}`);
}

function isDownload(service: string, path: string): boolean {
  return service === "object-store" || (service === "image" && path.endsWith("/file"));
}
