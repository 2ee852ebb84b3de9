import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import type { Site } from "../site.ts";
import { DOMAIN_ID, DOMAIN_NAME, type Project, type User } from "./state.ts";
import { findToken, type Grant, unauthenticated } from "./tokens.ts";

/** Checks the `auth` of `POST /v3/auth/tokens` and says what the new token stands for. @throws Refusal 400, 401 */
export function checkAuth(site: Site, auth: Fields): Grant {
  const identity = auth.needObject("identity");
  const methods = identity.texts("methods");
  if (methods === undefined) throw new Refusal(400, "'methods' is a required property");
  const [method] = methods;
  if (methods.length === 1 && method === "application_credential") {
    return fromApplicationCredential(site, identity.needObject("application_credential"), auth);
  }
  if (methods.length === 1 && method === "password") {
    const user = checkPassword(site, identity.needObject("password").needObject("user"));
    return scope(site, auth, { user_id: user.id, roles: [], methods }, user.default_project_id);
  }
  if (methods.length === 1 && method === "token") {
    const token = findToken(site, identity.needObject("token").needText("id"));
    if (token.application_credential_id !== undefined) throw unauthenticated(site);
    const { user_id, expires_at } = token;
    return scope(
      site,
      auth,
      { user_id, roles: [], methods: ["token", ...token.methods], expires_at },
      undefined,
    );
  }
  throw unauthenticated(site);
}

export function rolesOf(site: Site, user_id: string, project_id: string): string[] {
  return [...site.state.role_assignments.values()]
    .filter((assignment) => assignment.user_id === user_id && assignment.project_id === project_id)
    .map((assignment) => assignment.role);
}

function fromApplicationCredential(site: Site, given: Fields, auth: Fields): Grant {
  if (auth.has("scope")) {
    const { headers } = unauthenticated(site);
    throw new Refusal(401, "Application credentials cannot request a scope.", { headers });
  }
  const id = given.text("id");
  const user = id === undefined ? findUser(site, given.needObject("user")) : undefined;
  const credential =
    id !== undefined
      ? site.state.application_credentials.get(id)
      : [...site.state.application_credentials.values()].find(
          (one) => one.user_id === user?.id && one.name === given.text("name"),
        );
  if (credential === undefined) {
    throw new Refusal(404, `Could not find Application Credential: ${id ?? given.text("name")}.`);
  }
  if (credential.secret !== given.text("secret")) throw unauthenticated(site);
  if (credential.expires_at !== null && Date.parse(credential.expires_at) <= Date.now())
    throw unauthenticated(site);
  return {
    user_id: credential.user_id,
    project_id: credential.project_id,
    roles: credential.roles,
    methods: ["application_credential"],
    application_credential_id: credential.id,
  };
}

function checkPassword(site: Site, given: Fields): User {
  const user = findUser(site, given);
  if (user === undefined || user.password !== given.text("password")) throw unauthenticated(site);
  return user;
}

function findUser(site: Site, given: Fields): User | undefined {
  const id = given.text("id");
  if (id !== undefined) return site.state.users.get(id);
  if (!isDefaultDomain(given.object("domain"))) return undefined;
  return [...site.state.users.values()].find((user) => user.name === given.text("name"));
}

/** Without a scope the user's default project applies; `"unscoped": {}` asks for a token without any. */
function scope(site: Site, auth: Fields, grant: Grant, default_project_id: string | undefined): Grant {
  if (auth.raw("scope") === "unscoped" || auth.object("scope")?.has("unscoped")) return grant;
  const wanted = auth.object("scope")?.object("project");
  if (auth.object("scope")?.has("domain") || auth.object("scope")?.has("system")) throw unauthenticated(site);
  const project_id = wanted ? findProject(site, wanted)?.id : default_project_id;
  if (wanted !== undefined && project_id === undefined) throw unauthenticated(site);
  if (project_id === undefined) return grant;
  const roles = rolesOf(site, grant.user_id, project_id);
  if (roles.length === 0) {
    if (wanted !== undefined) throw unauthenticated(site);
    return grant;
  }
  return { ...grant, project_id, roles };
}

function findProject(site: Site, wanted: Fields): Project | undefined {
  const id = wanted.text("id");
  if (id !== undefined) return site.state.projects.get(id);
  if (!isDefaultDomain(wanted.object("domain"))) return undefined;
  return [...site.state.projects.values()].find((project) => project.name === wanted.text("name"));
}

function isDefaultDomain(domain: Fields | undefined): boolean {
  return domain?.text("id") === DOMAIN_ID || domain?.text("name") === DOMAIN_NAME;
}
