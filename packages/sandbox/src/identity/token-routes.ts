import type { Exchange } from "../http/exchange.ts";
import { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, type Route, route } from "../http/route.ts";
import type { Site } from "../site.ts";
import { checkAuth } from "./authenticate.ts";
import { catalogFor } from "./catalog.ts";
import type { Token } from "./state.ts";
import { viewToken } from "./token-view.ts";
import { findToken, issueToken } from "./tokens.ts";

/** Signing in: the one request of the service that needs no token. */
export async function createToken(site: Site, exchange: Exchange): Promise<Reply> {
  const body = Fields.from(await exchange.json());
  const grant = checkAuth(site, body.needObject("auth"));
  const token = issueToken(site, grant);
  return json(viewToken(site, token, !exchange.query.has("nocatalog")), 201, { "X-Subject-Token": token.id });
}

export const TOKEN_ROUTES: Route[] = [
  route("GET", "/auth/tokens", showToken),
  route("HEAD", "/auth/tokens", (call) => empty(200, { "X-Subject-Token": subject(call).id })),
  route("DELETE", "/auth/tokens", revokeToken),
  route("GET", "/auth/catalog", showCatalog),
];

function showToken(call: Call): Reply {
  const token = subject(call);
  return json(viewToken(call.site, token, !call.query.has("nocatalog")), 200, {
    "X-Subject-Token": token.id,
  });
}

function revokeToken(call: Call): Reply {
  call.site.state.tokens.delete(subject(call).id);
  return empty();
}

function showCatalog(call: Call): Reply {
  const catalog = call.caller.project_id === "" ? [] : catalogFor(call.site, call.caller.project_id);
  return json({ catalog, links: { self: `${call.root}/auth/catalog` } });
}

/** The token that a request is about: one's own, or anyone's for administrators. */
function subject(call: Call): Token {
  const id = call.exchange.header("x-subject-token");
  if (id === undefined) throw new Refusal(400, "X-Subject-Token header is required.");
  try {
    const token = findToken(call.site, id);
    if (token.user_id !== call.caller.user_id && !call.caller.is_admin) {
      throw new Refusal(
        403,
        "You are not authorized to perform the requested action: identity:validate_token.",
      );
    }
    return token;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      throw new Refusal(404, "Could not find token.");
    }
    throw error;
  }
}
