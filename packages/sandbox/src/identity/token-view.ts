import type { Site } from "../site.ts";
import { catalogFor } from "./catalog.ts";
import { DOMAIN_ID, DOMAIN_NAME, type Role, type Token } from "./state.ts";

const DOMAIN = { id: DOMAIN_ID, name: DOMAIN_NAME };

/** The body of `POST` and `GET /v3/auth/tokens`. */
export function viewToken(site: Site, token: Token, with_catalog: boolean): unknown {
  const user = site.state.users.get(token.user_id);
  const project = token.project_id === undefined ? undefined : site.state.projects.get(token.project_id);
  const credential =
    token.application_credential_id === undefined
      ? undefined
      : site.state.application_credentials.get(token.application_credential_id);
  return {
    token: {
      methods: token.methods,
      user: { domain: DOMAIN, id: token.user_id, name: user?.name ?? "", password_expires_at: null },
      audit_ids: token.audit_ids,
      expires_at: token.expires_at,
      issued_at: token.issued_at,
      ...(project && {
        project: { domain: DOMAIN, id: project.id, name: project.name },
        is_domain: false,
        roles: token.roles.map((name) => ({ id: roleNamed(site, name)?.id, name })),
        ...(with_catalog && { catalog: catalogFor(site, project.id) }),
      }),
      ...(credential && {
        application_credential: {
          id: credential.id,
          name: credential.name,
          restricted: !credential.unrestricted,
        },
      }),
    },
  };
}

export function roleNamed(site: Site, name: string): Role | undefined {
  return [...site.state.roles.values()].find((role) => role.name === name);
}
