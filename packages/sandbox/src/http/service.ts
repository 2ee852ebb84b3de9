import { enforcePolicy } from "../faults/policy.ts";
import type { Caller } from "../identity/caller.ts";
import type { FaultService } from "../options.ts";
import type { Site } from "../site.ts";
import { checkQuery } from "./check-query.ts";
import type { Exchange } from "./exchange.ts";
import { Fields } from "./json.ts";
import { Microversion, type MicroversionRange, negotiate, stampVersion } from "./microversion.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { findRoute, type Route } from "./route.ts";

/** What makes one service of a site different from the others. */
export interface Service {
  name: FaultService;
  /** Path of the service below the site's address, such as `/compute`. */
  prefix: string;
  /** Version part of its URLs, such as `/v2.1`; paths below it are matched against `routes`. */
  versioned: string;
  routes: Route[];
  range?: MicroversionRange;
  /** Microversion from which no route takes a query parameter that it does not know. */
  strict_query_since?: string;
  /** Older services carry the project in their URLs; it is checked and dropped. */
  project_in_path?: "optional" | "required";
  /** Documents that need no token; undefined for everything else. */
  open(exchange: Exchange, root: string): Reply | Promise<Reply> | undefined;
  authenticate(exchange: Exchange): Caller;
  /** The service's dialect of errors. */
  refuse(refusal: Refusal, exchange: Exchange): Reply;
  unknownPath(): Refusal;
  headers(exchange: Exchange): Record<string, string>;
}

const PROJECT_ID = /^\/([0-9a-f]{32})(?=\/|$)/;

/** Takes one request through a service: documents, authentication, version, policy, route; errors in its dialect. */
export async function answerRequest(site: Site, service: Service, exchange: Exchange): Promise<Reply> {
  const headers = service.headers(exchange);
  const root = site.url + service.prefix + service.versioned;
  const stamped = { ...headers };
  try {
    const document = await service.open(exchange, root);
    if (document !== undefined) return { ...document, headers: { ...stamped, ...document.headers } };
    const caller = service.authenticate(exchange);
    if (!`${exchange.path}/`.startsWith(`${service.versioned}/`)) throw service.unknownPath();
    const version = service.range
      ? negotiate(service.range, exchange.request.headers)
      : new Microversion("0.0");
    if (service.range) Object.assign(stamped, stampVersion(service.range, version));
    const path = dropProject(service, exchange.path.slice(service.versioned.length), caller);
    const found = findRoute(service.routes, exchange.method, path, version);
    if (!("route" in found)) {
      if (found.methods.length === 0) throw service.unknownPath();
      throw new Refusal(405, "The method specified is not allowed for this resource.", {
        headers: { Allow: [...new Set(found.methods)].join(", ") },
      });
    }
    checkQuery(found.route, exchange.query, version, service.strict_query_since);
    enforcePolicy(site, service.name, caller, found.route);
    const reply = await found.route.answer({
      site,
      exchange,
      caller,
      params: found.params,
      query: exchange.query,
      version,
      root,
      body: async () => Fields.from(await exchange.json()),
    });
    return { ...reply, headers: { ...stamped, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reply = service.refuse(error, exchange);
    return { ...reply, headers: { ...stamped, ...reply.headers, ...error.headers } };
  }
}

function dropProject(service: Service, path: string, caller: Caller): string {
  const project_id = service.project_in_path === undefined ? undefined : PROJECT_ID.exec(path)?.[1];
  if (project_id === undefined) {
    if (service.project_in_path === "required") throw service.unknownPath();
    return path;
  }
  if (project_id !== caller.project_id) throw new Refusal(400, "Malformed request url");
  return path.slice(project_id.length + 1);
}
