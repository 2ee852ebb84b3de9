import { API_PREFIX, type Endpoint, Problem } from "@uniview/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { App } from "./app.ts";
import { checkInput } from "./check-input.ts";
import type { Principal } from "./principal.ts";
import { noteAsker, pathOf } from "./request-log.ts";
import { refuseForeignPages } from "./same-origin.ts";

type Output<S> = S extends z.ZodUndefined ? undefined : S extends z.ZodType ? z.output<S> : undefined;
/** What a handler returns: the response as its schema takes it. */
type Answer<S> = S extends z.ZodUndefined ? undefined : S extends z.ZodType ? z.input<S> : undefined;

export interface RouteRequest<P, Q, B, Who> {
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  readonly user: Who;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly request: FastifyRequest;
  /** For cookies and other headers only: the body is what the handler returns. */
  readonly reply: FastifyReply;
}

export type Handler<P, Q, B, R, Who = Principal> = (
  asked: RouteRequest<P, Q, B, Who>,
) => Promise<Answer<R>> | Answer<R>;

/** Registers the handler of a row of the contract that needs somebody signed in. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: App,
  endpoint: Endpoint<P, Q, B, R>,
  handler: Handler<P, Q, B, R>,
): void {
  if (endpoint.access === "none") throw new Error(`${endpoint.id} is open to anybody: use openRoute().`);
  register(app, endpoint, handler, async (request) => {
    const user = await app.authenticate(request);
    if (!user) {
      throw new Problem("not-signed-in", "This needs somebody who is signed in.", {
        remedy: "Sign in, or send an API token as `Authorization: Bearer …`.",
      });
    }
    if (endpoint.access === "administrator" && user.role !== "administrator") {
      throw new Problem("not-allowed", "Only administrators may do this.", {
        remedy: "Ask an administrator of Uniview.",
      });
    }
    return user;
  });
}

/** Registers the handler of a row of the contract that anybody may call. */
export function openRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  app: App,
  endpoint: Endpoint<P, Q, B, R>,
  handler: Handler<P, Q, B, R, undefined>,
): void {
  if (endpoint.access !== "none") throw new Error(`${endpoint.id} needs a user: use route().`);
  register(app, endpoint, handler, async () => undefined);
}

function register<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
  Who extends Principal | undefined,
>(
  app: App,
  endpoint: Endpoint<P, Q, B, R>,
  handler: Handler<P, Q, B, R, Who>,
  admit: (request: FastifyRequest) => Promise<Who>,
): void {
  app.registered.add(endpoint.id);
  app.fastify.route({
    method: endpoint.method,
    url: API_PREFIX + endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    handler: async (request, reply) => {
      const user = await admit(request);
      refuseForeignPages(app, request, user);
      if (user) noteAsker(request, user.name);
      if (user && endpoint.method !== "GET") recordWhenAnswered(app, endpoint.id, user, request, reply);
      const answer = async () =>
        handler({
          params: checkInput(endpoint.params, request.params, "params") as Output<P>,
          query: checkInput(endpoint.query, request.query, "query") as Output<Q>,
          body: checkInput(endpoint.body, request.body, "body") as Output<B>,
          user,
          signal: signalOf(reply),
          request,
          reply,
        });
      const key = endpoint.idempotent_by_key ? request.headers["idempotency-key"] : undefined;
      const body =
        key !== undefined && user
          ? await app.onceByKey(
              { user_id: user.user_id, key: String(key), endpoint_id: endpoint.id, request },
              answer,
            )
          : await answer();
      if (endpoint.response && app.check_answers) endpoint.response.parse(body);
      reply.status(endpoint.status);
      return endpoint.status === 204 ? reply.send() : reply.send(body);
    },
  });
}

/** Refused and failed changes are written down, too: who tried is worth knowing. */
function recordWhenAnswered(
  { record }: App,
  action: string,
  user: Principal,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.raw.once("close", () =>
    record({
      actor_id: user.user_id,
      actor_name: user.name,
      credential_id: user.credential_id,
      action,
      object: pathOf(request),
      site: null,
      request_id: request.id,
      outcome: reply.raw.writableFinished ? String(reply.statusCode) : "not answered",
    }),
  );
}

/** Aborts when the connection closes before the answer is sent. */
function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
