import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import { type AnyEndpoint, allEndpoints, Problem } from "@uniview/api";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import type { Recorder } from "../audit/recorder.ts";
import type { OnceByKey } from "./idempotency.ts";
import type { Principal } from "./principal.ts";
import { sendProblem } from "./problem-reply.ts";
import { logRequests, pathOf } from "./request-log.ts";
import { setSecurityHeaders } from "./security-headers.ts";

/** Largest body of a request; the largest that the contract allows is a cloud entry with its CA certificates. */
const BODY_LIMIT_BYTES = 1024 * 1024;

export interface AppOptions {
  readonly log: Logger;
  /** Who asks, by session cookie or API token; undefined = nobody. */
  readonly authenticate: (request: FastifyRequest) => Promise<Principal | undefined>;
  readonly onceByKey: OnceByKey;
  /** Writes down who changed what. */
  readonly record: Recorder["record"];
  /** Where users reach Uniview, when that differs from where it listens. */
  readonly public_url: string | undefined;
  /** Proxies whose `X-Forwarded-*` are believed: addresses or networks. */
  readonly trusted_proxies?: readonly string[] | undefined;
  /** Check every answer against its schema: in tests and development. */
  readonly check_answers: boolean;
}

/** What routes are registered on. */
export interface App {
  readonly fastify: FastifyInstance;
  readonly authenticate: AppOptions["authenticate"];
  readonly onceByKey: OnceByKey;
  readonly record: AppOptions["record"];
  readonly public_url: string | undefined;
  readonly check_answers: boolean;
  /** Ids of the endpoints that have a handler. */
  readonly registered: Set<string>;
  /** Everything that is answered: for the test that tries it all as somebody else. */
  readonly routes: AnsweredRoute[];
}

export interface AnsweredRoute {
  readonly methods: readonly string[];
  /** With `:name` for each parameter, `*` for whatever follows. */
  readonly url: string;
}

/** The HTTP side of the server, without any route yet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { log, authenticate, onceByKey, record, public_url, check_answers, trusted_proxies } = options;
  const instance: FastifyInstance = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }), // it would log URLs with their queries
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: trusted_proxies && trusted_proxies.length > 0 ? [...trusted_proxies] : false,
    forceCloseConnections: true,
    frameworkErrors: sendProblem,
  });
  const routes: AnsweredRoute[] = [];
  instance.addHook("onRoute", ({ method, url }) => {
    routes.push({ methods: [method].flat(), url });
  });
  instance.removeContentTypeParser("text/plain"); // bodies are JSON or nothing
  await instance.register(cookie);
  setSecurityHeaders(instance, public_url);
  logRequests(instance);
  instance.setErrorHandler(sendProblem);
  instance.setNotFoundHandler((request, reply) =>
    sendProblem(
      new Problem("not-found", `There is no ${request.method} ${pathOf(request)}.`, {
        remedy: "See /api/docs for what there is.",
      }),
      request,
      reply,
    ),
  );
  return {
    fastify: instance,
    authenticate,
    onceByKey,
    record,
    public_url,
    check_answers,
    registered: new Set(),
    routes,
  };
}

/** Endpoints of the contract that no feature answers. */
export function missingEndpoints(app: App): AnyEndpoint[] {
  return allEndpoints.filter(({ id }) => !app.registered.has(id));
}
