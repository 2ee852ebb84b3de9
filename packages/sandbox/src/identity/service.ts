import type { Exchange } from "../http/exchange.ts";
import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Service } from "../http/service.ts";
import type { Site } from "../site.ts";
import { APPLICATION_CREDENTIAL_ROUTES } from "./application-credential-routes.ts";
import { PROJECT_ROUTES } from "./project-routes.ts";
import { createToken, TOKEN_ROUTES } from "./token-routes.ts";
import { authenticate } from "./tokens.ts";

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
};

/** Keystone, version 3. */
export function identityService(site: Site): Service {
  return {
    name: "identity",
    prefix: site.layout.identity,
    versioned: "/v3",
    routes: [...TOKEN_ROUTES, ...PROJECT_ROUTES, ...APPLICATION_CREDENTIAL_ROUTES],
    open(exchange, root) {
      const path = exchange.path.replace(/\/$/, "");
      if (path === "") return listVersions(site, root);
      if (path === "/v3") return json({ version: version(site, root) });
      if (path === "/v3/auth/tokens" && exchange.method === "POST") return createToken(site, exchange);
      return undefined;
    },
    authenticate: (exchange) => authenticate(site, exchange),
    refuse(refusal) {
      if (refusal.status === 404 && refusal.type === "unknown-path") return unknownPage();
      const { status, message } = refusal;
      return json({ error: { code: status, message, title: TITLES[status] ?? "Error" } }, status);
    },
    unknownPath: () => new Refusal(404, "Not Found", { type: "unknown-path" }),
    headers: (exchange: Exchange) => ({
      Vary: "X-Auth-Token",
      "x-openstack-request-id": exchange.request_id,
    }),
  };
}

function listVersions(site: Site, root: string): Reply {
  return json({ versions: { values: [version(site, root)] } }, 300, { Location: `${root}/` });
}

function version(site: Site, root: string): unknown {
  return {
    id: site.release.identity,
    status: "stable",
    updated: site.release.identity_updated,
    links: [{ rel: "self", href: `${root}/` }],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
  };
}

/** Flask's own page: Keystone answers paths that it does not know in HTML. */
function unknownPage(): Reply {
  return {
    status: 404,
    headers: { "Content-Type": "text/html; charset=utf-8" },
    text: "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n",
  };
}
