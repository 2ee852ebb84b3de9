import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { rolesOf } from "./authenticate.ts";
import { DOMAIN_ID, DOMAIN_NAME, type Project, type Role } from "./state.ts";

export const PROJECT_ROUTES: Route[] = [
  route("GET", "/auth/projects", (call) => listProjects(call, ownProjects(call), "/auth/projects")),
  route("GET", "/users/{user_id}/projects", (call) => {
    if (param(call, "user_id") !== call.caller.user_id && !call.caller.is_admin)
      throw forbidden("list_user_projects");
    return listProjects(call, ownProjects(call), `/users/${param(call, "user_id")}/projects`);
  }),
  route(
    "GET",
    "/projects",
    (call) => listProjects(call, [...call.site.state.projects.values()], "/projects"),
    {
      policy: "identity:list_projects",
      admin: true,
    },
  ),
  route("GET", "/projects/{project_id}", showProject),
  route("GET", "/auth/domains", (call) => list(call, "domains", [], "/auth/domains")),
  route("GET", "/domains/{domain_id}", showDomain),
  route("GET", "/domains", (call) => list(call, "domains", [viewDomain(call)], "/domains"), {
    policy: "identity:list_domains",
    admin: true,
  }),
  route("GET", "/users/{user_id}", showUser),
  route("GET", "/roles", (call) =>
    list(
      call,
      "roles",
      [...call.site.state.roles.values()].map((role) => viewRole(call, role)),
      "/roles",
    ),
  ),
  route("GET", "/regions", (call) => list(call, "regions", [viewRegion(call)], "/regions")),
];

export function list(call: Call, key: string, items: unknown[], path: string): Reply {
  return json({ [key]: items, links: { next: null, self: call.root + path, previous: null } });
}

export function forbidden(action: string): Refusal {
  return new Refusal(403, `You are not authorized to perform the requested action: identity:${action}.`);
}

function ownProjects(call: Call): Project[] {
  return [...call.site.state.projects.values()].filter(
    (project) => rolesOf(call.site, call.caller.user_id, project.id).length > 0,
  );
}

function listProjects(call: Call, projects: Project[], path: string): Reply {
  const name = call.query.get("name");
  const wanted = name === null ? projects : projects.filter((project) => project.name === name);
  return list(
    call,
    "projects",
    wanted.map((project) => viewProject(call, project)),
    path,
  );
}

function showProject(call: Call): Reply {
  const id = param(call, "project_id");
  const project = call.site.state.projects.get(id);
  if (project === undefined) throw new Refusal(404, `Could not find project: ${id}.`);
  if (id !== call.caller.project_id && !call.caller.is_admin) throw forbidden("get_project");
  return json({ project: viewProject(call, project) });
}

function showDomain(call: Call): Reply {
  const id = param(call, "domain_id");
  if (id !== DOMAIN_ID) throw new Refusal(404, `Could not find domain: ${id}.`);
  return json({ domain: viewDomain(call) });
}

function showUser(call: Call): Reply {
  const id = param(call, "user_id");
  const user = call.site.state.users.get(id);
  if (user === undefined) throw new Refusal(404, `Could not find user: ${id}.`);
  if (id !== call.caller.user_id && !call.caller.is_admin) throw forbidden("get_user");
  return json({
    user: {
      id,
      name: user.name,
      domain_id: DOMAIN_ID,
      enabled: true,
      default_project_id: user.default_project_id,
      password_expires_at: null,
      options: {},
      links: { self: `${call.root}/users/${id}` },
    },
  });
}

function viewProject(call: Call, project: Project): unknown {
  return {
    id: project.id,
    name: project.name,
    domain_id: DOMAIN_ID,
    description: project.description,
    enabled: true,
    parent_id: DOMAIN_ID,
    is_domain: false,
    tags: [],
    options: {},
    links: { self: `${call.root}/projects/${project.id}` },
  };
}

function viewDomain(call: Call): unknown {
  return {
    id: DOMAIN_ID,
    name: DOMAIN_NAME,
    description: "The default domain",
    enabled: true,
    tags: [],
    options: {},
    links: { self: `${call.root}/domains/${DOMAIN_ID}` },
  };
}

function viewRole(call: Call, role: Role): unknown {
  return {
    id: role.id,
    name: role.name,
    domain_id: null,
    description: null,
    options: { immutable: true },
    links: { self: `${call.root}/roles/${role.id}` },
  };
}

function viewRegion(call: Call): unknown {
  const id = call.site.region_name;
  return { id, description: "", parent_region_id: null, links: { self: `${call.root}/regions/${id}` } };
}
