import type { Site } from "../site.ts";
import { put } from "../state.ts";

/** Every token given out so far stops working. */
export function expireTokens(site: Site): void {
  site.state.tokens.clear();
}

/** @throws Error for a project that the site does not have */
export function setQuota(site: Site, service: string, project: string, limits: Record<string, number>): void {
  const found = [...site.state.projects.values()].find((one) => one.id === project || one.name === project);
  if (found === undefined) throw new Error(`site ${site.name} has no project ${project}`);
  const id = `${service}/${found.id}`;
  put(site.state.quotas, { id, limits: { ...site.state.quotas.get(id)?.limits, ...limits } });
}
