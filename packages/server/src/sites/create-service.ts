import { Problem } from "@uniview/api";
import type { EventHub } from "../events/hub.ts";
import type { Principal } from "../http/principal.ts";
import type { Sealer } from "../secrets/sealer.ts";
import { checkCloud, joinSite } from "./join-site.ts";
import { leaveSite } from "./leave-site.ts";
import { presentSite } from "./present-site.ts";
import type { Prober } from "./prober.ts";
import type { SiteService } from "./service.ts";
import type { ServicesWatch } from "./services-watch.ts";
import type { SessionPool } from "./session-pool.ts";
import { siteProblem } from "./site-problems.ts";
import type { SiteRow, SiteStore } from "./site-store.ts";

/** Rows of the inventory by kind, of these projects, by id of their site. */
export type CountResources = (
  site_project_ids: readonly string[],
) => Promise<ReadonlyMap<string, Record<string, number>>>;

/** Users named in one notification, which may have 8000 bytes. */
const TOLD_AT_ONCE = 100;

interface Deps {
  readonly store: SiteStore;
  readonly pool: SessionPool;
  readonly prober: Prober;
  readonly watch: ServicesWatch;
  readonly sealer: Sealer;
  readonly events: EventHub;
  readonly countResources: CountResources;
}

export function createSiteService(deps: Deps): SiteService {
  const { store, pool, prober, watch, events } = deps;

  const present = async (user: Principal, rows: readonly SiteRow[]) => {
    if (rows.length === 0) return [];
    const projects = await store.projectsGrantedTo(
      user.user_id,
      rows.map((row) => row.id),
    );
    const counts = await deps.countResources(projects.map((one) => one.id));
    return rows.map((row) =>
      presentSite(
        row,
        projects.filter((one) => one.site_id === row.id),
        counts.get(row.id) ?? {},
      ),
    );
  };
  const granted = async (user_id: string, name: string): Promise<SiteRow> => {
    const [row] = await store.grantedTo(user_id, name);
    if (row) return row;
    throw new Problem("not-found", `There is no site "${name}".`, {
      remedy: "`uniview site list` shows those that you may use.",
    });
  };
  const getSite = async (user: Principal, name: string) => {
    const [site] = await present(user, [await granted(user.user_id, name)]);
    if (!site) throw new Error("one row in, one site out");
    return site;
  };
  const connect = async (project_id: string, site: string) => {
    try {
      return await pool.connect(project_id);
    } catch (error) {
      throw siteProblem(error, site);
    }
  };
  /** Who may know of the site is worked out anew first, so that they hear of it. */
  const told = async (name: string, site_id: string) => {
    await events.grantsChanged();
    await events.publish({ type: "site", site: name }, { site_id });
  };

  return {
    connect: pool.connect,
    door: pool.door,
    listProjects: store.allProjects,
    checkCloud,
    getSite,

    async connectFor(user_id, name, project_id) {
      const site = await granted(user_id, name);
      const projects = (await store.projectsGrantedTo(user_id, [site.id])).filter(
        (one) => project_id === undefined || one.project_id === project_id,
      );
      const [project, ...others] = projects;
      if (!project) {
        throw new Problem(
          "not-found",
          `You were not granted the project ${project_id} of the site "${name}".`,
          {
            site: name,
          },
        );
      }
      const distinct = new Map(projects.map((one) => [one.project_id, one.project_name]));
      if (others.length > 0 && distinct.size > 1) {
        const list = [...distinct].map(([id, called]) => `${called} (${id})`).join(", ");
        throw new Problem("invalid-input", `You were granted several projects of the site "${name}".`, {
          field: "project_id",
          site: name,
          remedy: `Name one of them by its id: ${list}.`,
        });
      }
      return {
        session: await connect(project.id, site.name),
        site_id: site.id,
        site: site.name,
        site_project_id: project.id,
        project_id: project.project_id,
        project_name: project.project_name,
      };
    },

    onProjectsChanged: (changed) => events.observe("site", changed),
    onCalled: pool.onCalled,

    async addSite(user, name, cloud) {
      const site_id = await joinSite(deps, user, name, cloud);
      await told(name, site_id);
      void prober.probe(site_id); // for its latency
      return getSite(user, name);
    },

    async listSites(user) {
      return present(user, await store.grantedTo(user.user_id));
    },

    async checkSite(user, name) {
      const site = await granted(user.user_id, name);
      const [project] = await store.projectsGrantedTo(user.user_id, [site.id]);
      await prober.probe(site.id);
      try {
        if (project) await watch.look(site, await pool.connect(project.id));
      } catch (error) {
        throw siteProblem(error, name);
      }
      await events.publish({ type: "site", site: name }, { site_id: site.id });
      return getSite(user, name);
    },

    async removeSite(user, name, force) {
      const { left_behind, user_ids } = await leaveSite(deps, user, name, force);
      for (let from = 0; from < user_ids.length; from += TOLD_AT_ONCE) {
        const some = user_ids.slice(from, from + TOLD_AT_ONCE);
        await events.publish({ type: "site", site: name }, { user_ids: some });
      }
      await pool.prune();
      await events.grantsChanged();
      return { name, left_behind };
    },
  };
}
