import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { AttachSite, ChangeProject, CreateProject, Project, ProjectId } from "../schemas/projects.ts";
import { pageOf, SiteName } from "../schemas/terms.ts";

const tag = "projects";
const ById = z.object({ id: ProjectId });

export const listProjects = endpoint({
  id: "listProjects",
  method: "GET",
  path: "/projects",
  tag,
  access: "user",
  status: 200,
  summary: "Projects over sites: those with a site that is granted to me, and empty ones of mine",
  response: pageOf(Project),
});
export const createProject = endpoint({
  id: "createProject",
  method: "POST",
  path: "/projects",
  tag,
  access: "user",
  status: 201,
  idempotent_by_key: true,
  summary: "Create an empty project",
  description: "Joining a site makes the project of the same name by itself.",
  body: CreateProject,
  response: Project,
});
export const getProject = endpoint({
  id: "getProject",
  method: "GET",
  path: "/projects/{id}",
  tag,
  access: "user",
  status: 200,
  summary: "One project with its sites",
  params: ById,
  response: Project,
});
export const changeProject = endpoint({
  id: "changeProject",
  method: "PATCH",
  path: "/projects/{id}",
  tag,
  access: "user",
  status: 200,
  summary: "Rename a project whose sites I joined, or describe it",
  params: ById,
  body: ChangeProject,
  response: Project,
});
export const attachSite = endpoint({
  id: "attachSite",
  method: "POST",
  path: "/projects/{id}/sites",
  tag,
  access: "user",
  status: 200,
  summary: "Put the project of a site that I joined into this project; it leaves the one that it was in",
  params: ById,
  body: AttachSite,
  response: Project,
});
export const detachSite = endpoint({
  id: "detachSite",
  method: "DELETE",
  path: "/projects/{id}/sites/{site}",
  tag,
  access: "user",
  status: 204,
  summary: "Take my site's project out of this project: clients of the gateway no longer reach it",
  params: ById.extend({ site: SiteName }),
});
export const deleteProject = endpoint({
  id: "deleteProject",
  method: "DELETE",
  path: "/projects/{id}",
  tag,
  access: "user",
  status: 204,
  summary: "Delete a project with its application credentials; nothing is changed at any site",
  params: ById,
});
