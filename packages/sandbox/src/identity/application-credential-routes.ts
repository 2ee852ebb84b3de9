import { randomBytes } from "node:crypto";
import { enforcePolicy } from "../faults/policy.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { forbidden, list } from "./project-routes.ts";
import type { ApplicationCredential } from "./state.ts";
import { roleNamed } from "./token-view.ts";
import { findToken } from "./tokens.ts";

const PATH = "/users/{user_id}/application_credentials";

export const APPLICATION_CREDENTIAL_ROUTES: Route[] = [
  route("POST", PATH, createCredential),
  route("GET", PATH, listCredentials),
  route("GET", `${PATH}/{credential_id}`, (call) =>
    json({ application_credential: view(call, own(call, "get_application_credential")) }),
  ),
  route("DELETE", `${PATH}/{credential_id}`, deleteCredential),
];

async function createCredential(call: Call): Promise<Reply> {
  checkUser(call, "create_application_credential");
  enforcePolicy(call.site, "identity", call.caller, { policy: "identity:create_application_credential" });
  refuseDelegated(call);
  const { site, caller } = call;
  const given = await bodyObject(call, "application_credential");
  const name = given.needText("name");
  if (mine(call).some((one) => one.name === name)) {
    throw new Refusal(
      409,
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    );
  }
  const roles = given.objects("roles")?.map((role) => {
    const id = role.text("id");
    const found = site.state.roles.get(id ?? "") ?? roleNamed(site, role.text("name") ?? "");
    // An id is not looked up: a role that is not there is one that nobody has.
    if (found === undefined && id === undefined)
      throw new Refusal(404, `Could not find role: ${role.text("name")}.`);
    if (found === undefined || !caller.roles.includes(found.name)) {
      throw new Refusal(
        400,
        `Invalid application credential: Could not find role assignment with role: ${found?.id ?? id}, user or group: ${caller.user_id}, project, domain, or system: ${caller.project_id}.`,
      );
    }
    return found.name;
  });
  const credential = put(site.state.application_credentials, {
    id: site.newKeystoneId(),
    name,
    description: given.text("description") ?? null,
    secret: given.text("secret") ?? randomBytes(64).toString("base64url"),
    user_id: caller.user_id,
    project_id: caller.project_id,
    roles: roles ?? caller.roles,
    expires_at: given.text("expires_at") ?? null,
    unrestricted: given.flag("unrestricted") ?? false,
  });
  return json({ application_credential: { ...view(call, credential), secret: credential.secret } }, 201);
}

function listCredentials(call: Call): Reply {
  checkUser(call, "list_application_credentials");
  const name = call.query.get("name");
  const wanted = mine(call).filter((one) => name === null || one.name === name);
  const path = `/users/${param(call, "user_id")}/application_credentials`;
  return list(
    call,
    "application_credentials",
    wanted.map((one) => view(call, one)),
    path,
  );
}

function deleteCredential(call: Call): Reply {
  checkUser(call, "delete_application_credential");
  refuseDelegated(call);
  const credential = own(call, "delete_application_credential");
  const { state } = call.site;
  state.application_credentials.delete(credential.id);
  for (const token of state.tokens.values()) {
    if (token.application_credential_id === credential.id) state.tokens.delete(token.id);
  }
  return empty();
}

function mine(call: Call): ApplicationCredential[] {
  const user_id = param(call, "user_id");
  return [...call.site.state.application_credentials.values()].filter((one) => one.user_id === user_id);
}

function own(call: Call, action: string): ApplicationCredential {
  checkUser(call, action);
  const id = param(call, "credential_id");
  const found = mine(call).find((one) => one.id === id);
  if (found === undefined) throw new Refusal(404, `Could not find Application Credential: ${id}.`);
  return found;
}

function checkUser(call: Call, action: string): void {
  const forbidden_here = call.site.options.forbid_application_credentials === true && !call.caller.is_admin;
  if (forbidden_here) throw forbidden(action);
  if (param(call, "user_id") !== call.caller.user_id && !call.caller.is_admin) throw forbidden(action);
}

/** An application credential cannot make others unless it was made `unrestricted`. */
function refuseDelegated(call: Call): void {
  const token = findToken(call.site, call.exchange.header("x-auth-token"));
  const credential = call.site.state.application_credentials.get(token.application_credential_id ?? "");
  if (credential === undefined || credential.unrestricted) return;
  throw new Refusal(
    403,
    "You are not authorized to perform the requested action: Using method 'application_credential' is not allowed for managing additional application credentials..",
  );
}

function view(call: Call, credential: ApplicationCredential): Record<string, unknown> {
  return {
    id: credential.id,
    name: credential.name,
    description: credential.description,
    user_id: credential.user_id,
    project_id: credential.project_id,
    system: null,
    expires_at: credential.expires_at,
    unrestricted: credential.unrestricted,
    roles: credential.roles.map((name) => ({
      id: roleNamed(call.site, name)?.id,
      name,
      domain_id: null,
      description: null,
      options: { immutable: true },
    })),
    links: { self: `${call.root}/application_credentials/${credential.id}` },
  };
}
