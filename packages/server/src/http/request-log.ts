import type { FastifyInstance, FastifyRequest } from "fastify";

/** Without the query, which may hold a secret such as the token of the setup link. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? "/";
}

const askers = new WeakMap<FastifyRequest, string>();

/** Who asks, for the request's line in the log. */
export function noteAsker(request: FastifyRequest, name: string): void {
  askers.set(request, name);
}

/** One line a request, when it is answered: no query, no header, no body. The answer carries the request's id. */
export function logRequests(instance: FastifyInstance): void {
  instance.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  instance.addHook("onResponse", async (request, reply) => {
    const line = {
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
      user: askers.get(request),
      from: request.ip,
    };
    if (reply.statusCode >= 500) request.log.warn(line, "answered");
    else request.log.info(line, "answered");
  });
}
