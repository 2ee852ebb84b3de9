import type { IncomingMessage } from "node:http";
import type { Json } from "@uniview/openstack";
import type { SiteService } from "../../sites/service.ts";
import { GLOBAL_REGION } from "../catalog/regions.ts";
import { aliasesOf } from "../catalog/service-types.ts";
import type { SiteCatalogs } from "../catalog/site-catalogs.ts";
import { servicesOf } from "../catalog/site-services.ts";
import type { GatewaySite, GatewayToken } from "../identity/gateway-token.ts";
import { isVersionDocument } from "../proxy/address.ts";
import { GatewayFault, notAuthenticated } from "../proxy/fault.ts";
import { askedMicroversion, type VersionedService } from "../proxy/microversion.ts";
import { readWholeBody } from "../proxy/request-body.ts";
import { rewriteAnswer, rewriteRequest } from "../proxy/rewrite-json.ts";
import type { ProxyCall } from "../proxy/routes.ts";
import { findTarget, passThrough, type ServeDeps } from "../proxy/serve.ts";
import type { OwnerFinder } from "./find-owner.ts";
import { familyOf, type GlobalFamily, type GlobalPath, isList, readGlobalPath } from "./global-path.ts";
import { listEverywhere } from "./list-everywhere.ts";
import { sayMissing } from "./members.ts";
import { dropOurFields, placeNew } from "./place.ts";
import type { VersionDocuments } from "./version-documents.ts";

export interface GlobalDeps extends ServeDeps {
  readonly sites: Pick<SiteService, "door" | "connect">;
  readonly catalogs: SiteCatalogs;
  readonly owners: OwnerFinder;
  readonly documents: VersionDocuments;
}

/** The region that is all sites of a project at once: lists of everything, calls to the owner, creations placed. */
export function createGlobal(deps: GlobalDeps): (call: ProxyCall) => Promise<void> {
  return async (call) => {
    const { address, request, token, public_url } = call;
    const family = familyOf(address.service);
    const base_url = `${public_url}/openstack/${GLOBAL_REGION}/${address.service}`;
    const reads = request.method === "GET" || request.method === "HEAD";
    if (family && reads && isVersionDocument(address.path)) {
      const { status, body } = await deps.documents.read(family, address.path, base_url);
      return send(call, status, JSON.stringify(body));
    }
    if (!token?.project) throw notAuthenticated(public_url);
    const path = readGlobalPath(address.service, address.path);
    if (!path || (path.id === undefined && !isList(path.family, path.collection))) {
      throw new GatewayFault(
        404,
        `The region ${GLOBAL_REGION} has no ${address.service}${address.path}; ask at a site.`,
      );
    }
    if (path.id === undefined && reads) return await list(deps, call, path, token);
    if (path.id === undefined) return await create(deps, call, path, token);
    await toOwner(deps, call, path, token, path.id);
  };
}

async function list(deps: GlobalDeps, call: ProxyCall, path: GlobalPath, token: GatewayToken): Promise<void> {
  const { address, request } = call;
  const query = new URLSearchParams(address.query);
  const project_id = token.project?.id ?? "";
  const from = await startOf(deps, token.sites, path, query);
  const wish = { path, query, project_id, microversion: askedFor(request.raw, path) };
  const merged = await listEverywhere(deps.sites, token.sites, wish, from);
  const { key, items, missing, next } = merged;
  const [refusal] = missing.flatMap(({ error }) => error ?? []);
  // every site says that the request is wrong: so it is
  if (missing.length === token.sites.length && refusal && refusal.status < 500) {
    throw new GatewayFault(refusal.status, refusal.reason);
  }
  const name = key ?? path.collection.replace(/^os-/, "").replaceAll("-", "_");
  const body: Record<string, unknown> = { [name]: items };
  if (next) {
    query.set("marker", next.marker);
    query.set("uniview_site", next.site);
    const href = `${address.path}?${query}`;
    if (path.family === "image") body["next"] = href;
    else {
      const base = `${call.public_url}/openstack/${GLOBAL_REGION}/${address.service}`;
      body[`${name}_links`] = [{ rel: "next", href: base + href }];
    }
  }
  let text = Buffer.from(JSON.stringify(body)).toString("latin1");
  for (const site of token.sites) text = await withOurLinks(deps, call, site, project_id, text);
  send(call, 200, Buffer.from(text, "latin1"), {
    ...(missing.length > 0 ? { "openstack-uniview-missing": sayMissing(missing) } : {}),
    ...(wish.microversion
      ? { "openstack-api-version": `${versionName(path.family)} ${wish.microversion}` }
      : {}),
  });
}

/** The site that a page goes on at. @throws GatewayFault 400 for a marker that is nowhere */
async function startOf(
  deps: GlobalDeps,
  members: readonly GatewaySite[],
  { family, collection }: GlobalPath,
  query: URLSearchParams,
): Promise<GatewaySite | undefined> {
  const marker = query.get("marker");
  if (marker === null) return undefined;
  const named = members.find(({ region_id }) => region_id === query.get("uniview_site"));
  if (named) return named;
  const [owner] = (await deps.owners.find(members, { family, collection, id: marker })).sites;
  if (owner) return owner;
  throw new GatewayFault(400, `The marker ${marker} is nothing that any of your sites has.`);
}

async function create(
  deps: GlobalDeps,
  call: ProxyCall,
  path: GlobalPath,
  token: GatewayToken,
): Promise<void> {
  if (call.request.method !== "POST") {
    throw new GatewayFault(405, `${call.request.method} is not for a list.`, { allow: "GET, HEAD, POST" });
  }
  const bytes = await readWholeBody(call.request.raw);
  const body = parse(bytes);
  const { site, why } = await placeNew(deps.sites, deps.owners, token.sites, path, body);
  const sent = dropOurFields(body) ? Buffer.from(JSON.stringify(body)) : bytes;
  await atSite(deps, call, path, token, site, sent, { "openstack-uniview-placed": why });
}

async function toOwner(
  deps: GlobalDeps,
  call: ProxyCall,
  path: GlobalPath,
  token: GatewayToken,
  id: string,
): Promise<void> {
  const { family, collection } = path;
  const { sites, missing } = await deps.owners.find(token.sites, { family, collection, id });
  const [owner, ...others] = sites;
  if (!owner && missing.length > 0) {
    throw new GatewayFault(503, `Where ${id} is cannot be found out now: ${sayMissing(missing)}.`, {
      "retry-after": "15",
    });
  }
  if (!owner) throw new GatewayFault(404, `None of your sites has ${collection} ${id}.`);
  const reads = call.request.method === "GET" || call.request.method === "HEAD";
  if (others.length > 0 && !reads) {
    const names = sites.map(({ region_id }) => region_id).join(", ");
    throw new GatewayFault(409, `Several sites have ${collection} ${id}: ${names}. Name one as the region.`);
  }
  await atSite(deps, call, path, token, owner, undefined, {});
}

/** Passes the call through to one site, at the URL that the service has there. */
async function atSite(
  deps: GlobalDeps,
  call: ProxyCall,
  path: GlobalPath,
  token: GatewayToken,
  site: GatewaySite,
  whole_body: Buffer | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  // links in the answer lead back to this region
  const seen = { ...site, region_id: GLOBAL_REGION };
  const catalog = (await deps.catalogs.of(site.site_project_id)) ?? [];
  const service = servicesOf(site, catalog).find(({ type }) => aliasesOf(path.family).includes(type));
  const form = service && service.form !== "" ? service.form : path.prefix;
  const address = { ...call.address, path: form + path.rest };
  const here = { ...call, site: seen, token, address };
  const target = await findTarget(deps, here);
  const told = Object.entries({ ...headers, "openstack-uniview-site": site.site_name }).flat();
  const body = whole_body && {
    kind: "whole" as const,
    bytes: Buffer.from(rewriteRequest(whole_body.toString("latin1"), target.view), "latin1"),
  };
  await passThrough(deps, here, target, { headers: told, ...(body ? { body } : {}) });
}

async function withOurLinks(
  deps: GlobalDeps,
  { public_url, address }: ProxyCall,
  site: GatewaySite,
  project_id: string,
  text: string,
): Promise<string> {
  const view = await deps.views.of(public_url, project_id, { ...site, region_id: GLOBAL_REGION });
  const service = view?.services.find(({ type }) => aliasesOf(type).includes(address.service));
  return view && service ? rewriteAnswer(text, { view, service, version: "-" }) : text;
}

function askedFor({ headers }: IncomingMessage, { family }: GlobalPath): string | undefined {
  const name = versionName(family);
  return name && askedMicroversion(headers, name);
}

function versionName(family: GlobalFamily): VersionedService | undefined {
  if (family === "compute") return "compute";
  return family === "block-storage" ? "volume" : undefined;
}

function parse(bytes: Buffer): { [key: string]: Json } {
  try {
    const body: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof body === "object" && body !== null && !Array.isArray(body))
      return body as { [key: string]: Json };
  } catch {
    // said below
  }
  throw new GatewayFault(400, "The body is no JSON object.");
}

function send(
  { reply, request }: ProxyCall,
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply.raw.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    vary: "OpenStack-API-Version, X-OpenStack-Nova-API-Version, X-Auth-Token",
    "x-openstack-request-id": `req-${request.id}`,
    ...headers,
  });
  reply.raw.end(request.method === "HEAD" ? undefined : body);
}
