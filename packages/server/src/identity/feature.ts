import type { FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import type { EventHub } from "../events/hub.ts";
import type { Feature } from "../feature.ts";
import type { Principal } from "../http/principal.ts";
import type { Sealer } from "../secrets/sealer.ts";
import { registerIdentity } from "./routes.ts";
import { registerSecondFactor } from "./second-factor-routes.ts";
import { createIdentityService, type IdentityService } from "./service.ts";
import { readSessionCookie } from "./session-cookie.ts";

export interface Identity extends Feature {
  readonly service: IdentityService;
  /** By API token or, without an Authorization header, by session cookie. */
  authenticate(request: FastifyRequest): Promise<Principal | undefined>;
}

interface Deps {
  readonly database: Database;
  readonly events: EventHub;
  readonly sealer: Sealer;
}

export function createIdentity(deps: Deps): Identity {
  const service = createIdentityService(deps);
  return {
    name: "identity",
    service,
    register(app) {
      registerIdentity(app, service);
      registerSecondFactor(app, service.second_factor);
    },
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
