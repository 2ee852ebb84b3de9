import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Project {
  id: string;
  name: string;
  domain_id: string;
  description?: string;
  enabled: boolean;
  is_domain?: boolean;
  parent_id?: string | null;
  tags?: string[];
}

/** The projects that this user may get a token for; every role may ask. */
export function listOwnProjects(
  keystone: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Project[], void> {
  return listPages<Project>(keystone, { ...options, path: "/auth/projects", key: "projects" });
}

/** Every project: for admins. @throws OpenStackError 403 */
export function listProjects(
  keystone: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Project[], void> {
  return listPages<Project>(keystone, { ...options, path: "/projects", key: "projects" });
}

/** Whoever has a role in it may read it, by the default policy. @throws OpenStackError 403, 404 */
export function getProject(keystone: ServiceClient, id: string): Promise<Project> {
  return keystone.get<Project>(`/projects/${id}`, { unwrap: "project" });
}
