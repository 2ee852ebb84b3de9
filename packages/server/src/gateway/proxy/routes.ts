import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "@uniview/api";
import { isDatabaseAway } from "@uniview/workflow";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../../http/app.ts";
import { noteAsker } from "../../http/request-log.ts";
import { GLOBAL_REGION } from "../catalog/regions.ts";
import { CONSOLE } from "../console/console-url.ts";
import { serveConsole } from "../console/serve-console.ts";
import type { GatewayToken } from "../identity/gateway-token.ts";
import { publicUrlOf } from "../identity/public-url.ts";
import { PROXY_PREFIX, type ProxyAddress, readAddress } from "./address.ts";
import { type AdmitDeps, admit } from "./admit.ts";
import { GatewayFault } from "./fault.ts";
import { findTarget, passThrough, type ServeDeps } from "./serve.ts";

/** Swift's own method, beside those that everybody has. */
const COPY = "COPY";
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", COPY];
/** PostgreSQL is back soon after a restart or a failover. */
const RETRY_AFTER_AWAY_S = 2;
const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** A write that went through the gateway, or was refused by it. */
export interface WriteRecord {
  readonly token: GatewayToken;
  readonly request: FastifyRequest;
  readonly address: ProxyAddress;
  readonly status: number;
}

export interface ProxyDeps extends AdmitDeps, ServeDeps {
  audit(record: WriteRecord): void;
  /** Answers a call to the region of all sites. */
  global(call: ProxyCall): Promise<void>;
}

/** A call that may be for any site, or none. */
export interface ProxyCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly address: ProxyAddress;
  readonly public_url: string;
  /** undefined: anybody asks, for a version document. */
  readonly token: GatewayToken | undefined;
}

/** Clients that wait for `100 Continue` before they send a body. */
const waiting = new WeakSet<IncomingMessage>();

/** A scope of its own: no body is parsed, none is limited, and answers are written as sites give them. */
export function registerProxy(app: App, deps: ProxyDeps): void {
  const { fastify } = app;
  letClientsWait(fastify);
  fastify.addHttpMethod(COPY);
  fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _body, done) => done(null));
    scope.route({
      method: METHODS,
      url: `${PROXY_PREFIX}*`,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        reply.hijack();
        await serve(deps, request, reply, publicUrlOf(request, app.public_url));
      },
    });
  });
}

async function serve(
  deps: ProxyDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  public_url: string,
): Promise<void> {
  const address = readAddress(request.url);
  let token: GatewayToken | undefined;
  try {
    if (address?.service === CONSOLE) {
      return await serveConsole(deps, { request, reply, address, public_url, token });
    }
    if (!address) throw new GatewayFault(400, `${request.url.split("?", 1)[0]} is no path of a service.`);
    const admitted = await admit(deps, request, address, public_url);
    token = admitted.token;
    if (token) noteAsker(request, token.user_name);
    if (admitted.site === GLOBAL_REGION) {
      letSend(request, reply);
      await deps.global({ request, reply, address, public_url, token });
    } else {
      const call = { request, reply, address, public_url, site: admitted.site, token };
      const target = await findTarget(deps, call);
      letSend(request, reply);
      await passThrough(deps, call, target);
    }
  } catch (error) {
    answerFault(faultOf(error, request), request, reply);
  }
  if (token && address && !READS.has(request.method)) {
    deps.audit({ token, request, address, status: reply.raw.statusCode });
  }
}

function faultOf(error: unknown, request: FastifyRequest): GatewayFault {
  if (error instanceof GatewayFault) return error;
  if (error instanceof Problem && error.slug === "not-found") return new GatewayFault(404, error.message);
  if (isDatabaseAway(error)) {
    return new GatewayFault(503, "Uniview's PostgreSQL does not answer.", {
      "retry-after": String(RETRY_AFTER_AWAY_S),
    });
  }
  request.log.error({ err: error }, "the gateway failed");
  return new GatewayFault(500, `Uniview met an error that it did not foresee (request ${request.id}).`);
}

function answerFault(fault: GatewayFault, request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = reply;
  if (raw.headersSent || raw.destroyed) {
    raw.destroy();
    return;
  }
  raw.writeHead(fault.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(fault.body),
    "cache-control": "no-store",
    vary: "X-Auth-Token",
    "x-openstack-request-id": `req-${request.id}`,
    ...fault.headers,
    // the rest of a body that nobody wants is not waited for
    ...(request.raw.complete || !hasBody(request.raw) ? {} : { connection: "close" }),
  });
  raw.end(request.method === "HEAD" ? undefined : fault.body);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Without this Node would ask for the body of a call before it is known who asks. */
function letClientsWait({ server }: FastifyInstance): void {
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith(PROXY_PREFIX)) waiting.add(request);
    else response.writeContinue();
    server.emit("request", request, response);
  });
}

function letSend(request: FastifyRequest, reply: FastifyReply): void {
  if (waiting.delete(request.raw)) reply.raw.writeContinue();
}
