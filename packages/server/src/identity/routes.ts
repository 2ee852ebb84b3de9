import { endpoints, Problem, type Session } from "@uniview/api";
import type { App } from "../http/app.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import { openRoute, route } from "../http/route.ts";
import { VERSION } from "../version.ts";
import type { IdentityService, SignedIn } from "./service.ts";
import { clearSessionCookie, setSessionCookie } from "./session-cookie.ts";

/** Tries of one address under one name, and of one address under whatever names. */
const TRIES_PER_NAME = { burst: 10, per_minute: 5 };
const TRIES_PER_ADDRESS = { burst: 60, per_minute: 30 };

export function registerIdentity(app: App, identity: IdentityService): void {
  const byName = createRateLimit(TRIES_PER_NAME);
  const byAddress = createRateLimit(TRIES_PER_ADDRESS);
  const { public_url } = app;

  openRoute(app, endpoints.getStatus, async () => ({
    version: VERSION,
    setup_needed: await identity.setupNeeded(),
    now: new Date().toISOString(),
  }));
  openRoute(app, endpoints.setUp, async ({ body, request, reply }) => {
    byAddress.take(request.ip);
    const signed = await identity.setUp(body);
    setSessionCookie(reply, signed.secret, public_url);
    return withoutSecret(signed);
  });
  openRoute(app, endpoints.signIn, async ({ body, request, reply }) => {
    byAddress.take(request.ip);
    byName.take(`${request.ip} ${body.name.toLowerCase()}`);
    const signed = await identity.signIn(body.name, body.password, body.passcode);
    setSessionCookie(reply, signed.secret, public_url);
    return withoutSecret(signed);
  });
  route(app, endpoints.getSession, ({ user }) => identity.session(user));
  route(app, endpoints.signOut, async ({ user, reply }) => {
    if (user.via === "token") {
      throw new Problem("conflict", "An API token is not signed in: there is nothing to sign out of.", {
        remedy: `To end the token, revoke it: DELETE /api/v1/tokens/${user.credential_id}.`,
      });
    }
    await identity.signOut(user);
    clearSessionCookie(reply, public_url);
    return undefined;
  });

  route(app, endpoints.listTokens, async ({ user }) => ({ items: await identity.tokens.list(user.user_id) }));
  route(app, endpoints.createToken, ({ user, body }) => identity.tokens.create(user.user_id, body));
  route(app, endpoints.deleteToken, async ({ user, params }) => {
    if (!(await identity.tokens.remove(user.user_id, params.id))) {
      throw new Problem("not-found", "You have no such API token.");
    }
    return undefined;
  });

  route(app, endpoints.listUsers, async () => ({ items: await identity.users() }));
  route(app, endpoints.createUser, ({ body }) => identity.createUser(body));
  route(app, endpoints.deleteUser, async ({ params }) => {
    await identity.deleteUser(params.id);
    return undefined;
  });
}

function withoutSecret({ user, expires_at }: SignedIn): Session {
  return { user, expires_at };
}
