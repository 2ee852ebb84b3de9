import { randomBytes } from "node:crypto";
import type { Exchange } from "../http/exchange.ts";
import { Refusal } from "../http/refusal.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import type { Caller } from "./caller.ts";
import type { Token } from "./state.ts";

export interface Grant {
  user_id: string;
  project_id?: string;
  roles: string[];
  methods: string[];
  application_credential_id?: string;
  /** A token made from a token lives no longer than that. */
  expires_at?: string;
}

export function issueToken(site: Site, grant: Grant): Token {
  const now = Date.now();
  return put(site.state.tokens, {
    ...grant,
    id: `gAAAAA${randomBytes(132).toString("base64url")}`,
    audit_ids: [randomBytes(16).toString("base64url")],
    issued_at: instant(now),
    expires_at: grant.expires_at ?? instant(now + site.token_lifetime_s * 1000),
  });
}

/** @throws Refusal 401 */
export function findToken(site: Site, id: string | undefined): Token {
  const token = id === undefined ? undefined : site.state.tokens.get(id);
  if (token === undefined || Date.parse(token.expires_at) <= Date.now()) throw unauthenticated(site);
  return token;
}

/** Who sends a request to a service that wants a project-scoped token. @throws Refusal 401 */
export function authenticate(site: Site, exchange: Exchange): Caller {
  const token = findToken(site, exchange.header("x-auth-token"));
  return callerOf(token);
}

export function callerOf(token: Token): Caller {
  return {
    user_id: token.user_id,
    project_id: token.project_id ?? "",
    roles: token.roles,
    is_admin: token.roles.includes("admin"),
  };
}

export function unauthenticated(site: Site): Refusal {
  return new Refusal(401, "The request you have made requires authentication.", {
    headers: { "WWW-Authenticate": `Keystone uri="${site.url}${site.layout.identity}/v3"` },
  });
}

export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000000Z`;
}
