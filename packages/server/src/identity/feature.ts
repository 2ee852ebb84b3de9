import type { FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import type { EventHub } from "../events/hub.ts";
import type { Feature } from "../feature.ts";
import type { Principal } from "../http/principal.ts";
import { registerIdentity } from "./routes.ts";
import { createIdentityService, type IdentityService } from "./service.ts";
import { readSessionCookie } from "./session-cookie.ts";

export interface Identity extends Feature {
  readonly service: IdentityService;
  /** By API token or, without an Authorization header, by session cookie. */
  authenticate(request: FastifyRequest): Promise<Principal | undefined>;
}

export function createIdentity(deps: { database: Database; events: EventHub }): Identity {
  const service = createIdentityService(deps.database, deps.events);
  return {
    name: "identity",
    service,
    register: (app) => registerIdentity(app, service),
    async authenticate(request) {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization) ?? [];
        return token === undefined ? undefined : service.principalOfToken(token);
      }
      const secret = readSessionCookie(request);
      return secret === undefined ? undefined : service.principalOfSession(secret);
    },
  };
}
