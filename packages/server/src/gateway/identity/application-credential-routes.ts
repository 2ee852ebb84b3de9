import { type ApplicationCredential, endpoints, Problem } from "@uniview/api";
import type { App } from "../../http/app.ts";
import { route } from "../../http/route.ts";
import type { Credential } from "./credential-store.ts";
import { KeystoneError } from "./keystone-error.ts";
import type { GatewayParts } from "./parts.ts";
import { rolesOf } from "./roles.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The same credentials as `/identity/v3/users/{id}/application_credentials`, for the console and the CLI. */
export function registerApplicationCredentials(
  app: App,
  { credentials, projects, verifier }: Pick<GatewayParts, "credentials" | "projects" | "verifier">,
): void {
  route(app, endpoints.listApplicationCredentials, async ({ user }) => {
    const names = new Map((await projects.list(user.user_id)).map(({ id, name }) => [id, name]));
    const all = await credentials.list(user.user_id);
    // one of a project that is no longer theirs opens nothing, but it is theirs to delete
    return { items: all.map((one) => present(one, names.get(one.project_id) ?? one.project_id)) };
  });

  route(app, endpoints.createApplicationCredential, async ({ user, body }) => {
    const project = await projects.find(user.user_id, body.project_id);
    if (!project) {
      throw new Problem("not-found", `You have no project ${body.project_id}.`, {
        field: "project_id",
        remedy: "`uniview project list` shows yours.",
      });
    }
    const { name, description, unrestricted, broker, expires_in_days: days, access_rules } = body;
    try {
      const { credential, secret } = await credentials.create({
        user_id: user.user_id,
        project_id: project.id,
        name,
        description,
        roles: rolesOf("project"),
        unrestricted,
        broker,
        expires_at: days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
        access_rules,
      });
      return { ...present(credential, project.name), secret };
    } catch (error) {
      if (!(error instanceof KeystoneError)) throw error;
      throw new Problem("name-taken", error.message, { field: "name" }, error);
    }
  });

  route(app, endpoints.deleteApplicationCredential, async ({ user, params }) => {
    if (!(await credentials.remove(user.user_id, params.id))) {
      throw new Problem("not-found", "You have no such application credential.");
    }
    await verifier.revoked();
    return undefined;
  });
}

function present(credential: Credential, project_name: string): ApplicationCredential {
  const { id, name, description, project_id, unrestricted, broker } = credential;
  return {
    id,
    name,
    description,
    project: { id: project_id, name: project_name },
    unrestricted,
    broker,
    access_rules: credential.access_rules.map(({ service, method, path }) => ({
      service,
      method: method as ApplicationCredential["access_rules"][number]["method"],
      path,
    })),
    expires_at: credential.expires_at,
    created_at: credential.created_at,
    last_used_at: credential.last_used_at,
  };
}
