import type { Project, User } from "../identity/state.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { PASSWORDS } from "./clouds-yaml.ts";

export interface Owners {
  demo: { project: Project; user: User };
  admin: { project: Project; user: User };
}

/** Projects and users `demo` (a member) and `admin`. */
export function seedIdentity(site: Site): Owners {
  for (const name of ["admin", "member", "reader"]) put(site.state.roles, { id: site.newKeystoneId(), name });
  return {
    demo: addOwner(site, "demo", ["reader", "member"]),
    admin: addOwner(site, "admin", ["reader", "member", "admin"]),
  };
}

function addOwner(
  site: Site,
  name: keyof typeof PASSWORDS,
  roles: string[],
): { project: Project; user: User } {
  const project = put(site.state.projects, { id: site.newKeystoneId(), name, description: "" });
  const user = put(site.state.users, {
    id: site.newKeystoneId(),
    name,
    password: PASSWORDS[name],
    default_project_id: project.id,
  });
  for (const role of roles) {
    put(site.state.role_assignments, {
      id: site.newKeystoneId(),
      user_id: user.id,
      project_id: project.id,
      role,
    });
  }
  return { project, user };
}
