import type { PublishedService } from "../catalog/build-catalog.ts";
import { DEFAULT_DOMAIN } from "./domain.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { presentRole } from "./roles.ts";
import { clientUserId } from "./user-ids.ts";

/** A token as Keystone's clients read it. @param catalog undefined: not wanted, or nothing to show (unscoped) */
export function presentToken(token: GatewayToken, catalog: readonly PublishedService[] | undefined): object {
  const { application_credential: credential } = token;
  return {
    token: {
      methods: token.methods,
      user: {
        domain: DEFAULT_DOMAIN,
        id: clientUserId(token.user_id),
        name: token.user_name,
        password_expires_at: null,
      },
      audit_ids: token.audit_ids,
      issued_at: token.issued_at,
      expires_at: token.expires_at,
      ...(token.project ? { project: { domain: DEFAULT_DOMAIN, ...token.project }, is_domain: false } : {}),
      ...(token.scope === "domain" ? { domain: DEFAULT_DOMAIN } : {}),
      ...(token.scope === "unscoped" ? {} : { roles: token.roles.map(presentRole) }),
      ...(catalog && token.scope !== "unscoped" ? { catalog } : {}),
      ...(credential
        ? {
            application_credential: {
              id: credential.id,
              name: credential.name,
              restricted: !credential.unrestricted,
              ...(credential.access_rules ? { access_rules: credential.access_rules } : {}),
            },
          }
        : {}),
    },
  };
}
