import type { KnownProject, SiteService } from "../../sites/service.ts";
import { regionIdOf } from "../catalog/regions.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";

/** A site that was just added has its documents after this time. */
const BELIEVED_MS = 5_000;

/** Sites as anybody sees them, for the documents that need no token. */
export interface OpenSites {
  find(region_id: string): Promise<GatewaySite | undefined>;
  /** One project of every site. */
  all(): Promise<readonly GatewaySite[]>;
}

export function createOpenSites(sites: Pick<SiteService, "listProjects" | "door">): OpenSites {
  let listed: ReturnType<typeof sites.listProjects> | undefined;
  let until = 0;
  const list = () => {
    if (listed && performance.now() < until) return listed;
    const asked = sites.listProjects();
    listed = asked;
    until = performance.now() + BELIEVED_MS;
    asked.catch(() => {
      listed = undefined;
    });
    return asked;
  };
  const present = async (project: KnownProject): Promise<GatewaySite> => {
    const door = await sites.door(project.id);
    return {
      site_project_id: project.id,
      site_id: project.site_id,
      site_name: project.site,
      region_id: regionIdOf(project.site),
      site_region_name: door.session.region_name ?? null,
      interface: door.interface,
      site_project_remote_id: project.project_id,
    };
  };
  return {
    async find(region_id) {
      const project = (await list()).find(({ site }) => regionIdOf(site) === region_id);
      return project && (await present(project));
    },
    async all() {
      const one_each = new Map((await list()).map((project) => [project.site_id, project]));
      return await Promise.all([...one_each.values()].map(present));
    },
  };
}
