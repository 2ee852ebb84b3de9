import type { ApplicationCredentialAuth, Auth, PasswordAuth, TokenAuth } from "./credentials.ts";

type Body = Record<string, unknown>;

/** The body of `POST /v3/auth/tokens`. Holds secrets: never log it. */
export function authenticationRequest(auth: Auth): Body {
  switch (auth.type) {
    case "password":
      return {
        auth: { identity: { methods: ["password"], password: passwordMethod(auth) }, ...scopeOf(auth) },
      };
    case "application_credential": {
      // Its project is its scope; asking for one is refused.
      const identity = {
        methods: ["application_credential"],
        application_credential: applicationCredentialMethod(auth),
      };
      return { auth: { identity } };
    }
    case "token":
      return { auth: { identity: { methods: ["token"], token: { id: auth.token } }, ...tokenScope(auth) } };
  }
}

function passwordMethod(auth: PasswordAuth): Body {
  return { user: { ...userOf(auth), password: auth.password } };
}

function applicationCredentialMethod(auth: ApplicationCredentialAuth): Body {
  if (auth.id !== undefined) return { id: auth.id, secret: auth.secret };
  return { name: auth.name, secret: auth.secret, user: userOf(auth) };
}

type NamedUser = Pick<PasswordAuth, "user_id" | "username" | "user_domain_id" | "user_domain_name">;

function userOf(auth: NamedUser): Body {
  if (auth.user_id !== undefined) return { id: auth.user_id };
  return { name: auth.username, domain: domainOf(auth.user_domain_id, auth.user_domain_name) };
}

function scopeOf(auth: PasswordAuth): Body {
  if (auth.project_id !== undefined) return { scope: { project: { id: auth.project_id } } };
  if (auth.project_name === undefined) return {};
  const domain = domainOf(
    auth.project_domain_id ?? auth.user_domain_id,
    auth.project_domain_name ?? auth.user_domain_name,
  );
  return { scope: { project: { name: auth.project_name, domain } } };
}

function tokenScope(auth: TokenAuth): Body {
  return auth.project_id === undefined ? {} : { scope: { project: { id: auth.project_id } } };
}

function domainOf(id: string | undefined, name: string | undefined): Body {
  if (id !== undefined) return { id };
  return name === undefined ? { id: "default" } : { name };
}
