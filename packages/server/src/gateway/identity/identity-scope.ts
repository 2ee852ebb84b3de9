import type { App } from "../../http/app.ts";
import { pathOf } from "../../http/request-log.ts";
import { registerCredentials } from "./credential-routes.ts";
import { registerDirectory } from "./directory-routes.ts";
import { createKeystoneErrorHandler, KeystoneError } from "./keystone-error.ts";
import { askerOf, type GatewayParts } from "./parts.ts";
import { publicUrlOf } from "./public-url.ts";
import { registerTokens } from "./token-routes.ts";
import { identityVersion } from "./version-documents.ts";

export const IDENTITY_PREFIX = "/identity";

/** Keystone's API v3 in front of Uniview's own users and projects. Its errors and headers are Keystone's, not ours. */
export function registerIdentityApi({ fastify, public_url }: App, parts: GatewayParts): void {
  fastify.register(
    async (scope) => {
      scope.removeContentTypeParser("application/json");
      scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
        done(...readJson(String(text)));
      });
      scope.setErrorHandler(createKeystoneErrorHandler(public_url));
      scope.addHook("onRequest", async (request, reply) => {
        reply.headers({
          vary: "X-Auth-Token",
          "x-openstack-request-id": `req-${request.id}`,
          "cache-control": "no-store",
        });
      });

      scope.addHook("onResponse", async (request, reply) => {
        const token = askerOf(request);
        if (!token || request.method === "GET" || request.method === "HEAD") return;
        parts.audit.record({
          actor_id: token.user_id,
          actor_name: token.user_name,
          credential_id: token.application_credential?.id ?? token.id,
          action: `${request.method} identity`,
          object: pathOf(request),
          site: null,
          request_id: request.id,
          outcome: String(reply.statusCode),
        });
      });

      scope.get("/", async (request, reply) =>
        reply.status(300).send({ versions: { values: [identityVersion(publicUrlOf(request, public_url))] } }),
      );
      for (const path of ["/v3", "/v3/"]) {
        scope.get(path, async (request) => ({ version: identityVersion(publicUrlOf(request, public_url)) }));
      }
      registerTokens(scope, parts, public_url);
      registerDirectory(scope, parts, public_url);
      registerCredentials(scope, parts, public_url);
      // the console has a page for every other address, but not here
      scope.all("/*", async (request) => {
        throw new KeystoneError(
          404,
          `There is no ${request.method} ${pathOf(request)}: users and projects are made in Uniview.`,
        );
      });
    },
    { prefix: IDENTITY_PREFIX },
  );
}

/** Clients name JSON as the type of bodies that they do not send, such as that of a DELETE. */
function readJson(text: string): [error: Error | null, body?: unknown] {
  try {
    return [null, text === "" ? undefined : JSON.parse(text)];
  } catch {
    return [new KeystoneError(400, "The body is not valid JSON.")];
  }
}
