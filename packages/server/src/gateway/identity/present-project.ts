import type { KnownProject } from "../projects/project-reader.ts";
import { DEFAULT_DOMAIN } from "./domain.ts";

/** A project as Keystone shows it. */
export function presentProject(project: KnownProject, public_url: string) {
  return {
    ...project,
    domain_id: DEFAULT_DOMAIN.id,
    parent_id: DEFAULT_DOMAIN.id,
    is_domain: false,
    enabled: true,
    tags: [],
    options: {},
    links: { self: `${public_url}/identity/v3/projects/${project.id}` },
  };
}

export function presentDomain(public_url: string) {
  return {
    ...DEFAULT_DOMAIN,
    description: "All users and projects of Uniview",
    enabled: true,
    tags: [],
    options: {},
    links: { self: `${public_url}/identity/v3/domains/${DEFAULT_DOMAIN.id}` },
  };
}

/** The links that every list of Keystone carries; ours have one page. */
export function linksTo(self: string) {
  return { self, previous: null, next: null };
}
