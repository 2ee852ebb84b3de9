import { type ProbeOptions, type ProbeResult, probeCapabilities } from "@uniview/openstack";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { EventHub } from "../events/hub.ts";
import type { SiteService } from "../sites/service.ts";
import { siteProblem } from "../sites/site-problems.ts";
import { versionsShown } from "./claim.ts";
import type { CapabilityStore } from "./store.ts";

/** After a probe that could not even sign in. */
const RETRY_MS = 10 * 60_000;

interface Deps {
  readonly database: Database;
  readonly sites: SiteService;
  readonly events: EventHub;
  readonly log: Logger;
  readonly store: CapabilityStore;
}

export interface ProjectProbe {
  /** Is a probe under way, whose own calls tell nothing of real work? */
  isAt(site_project_id: string): boolean;
  /** Probes one project, writes what was found and tells who may know. @throws Problem the site cannot be signed in to */
  run(site: string, site_project_id: string, options?: ProbeOptions): Promise<ProbeResult>;
}

export function createProjectProbe({ database, sites, events, log, store }: Deps): ProjectProbe {
  const under_way = new Map<string, number>();

  const run = async (site: string, id: string, options?: ProbeOptions): Promise<ProbeResult> => {
    try {
      const versions = (await versionsShown(database.kysely, id)) ?? "";
      const result = await probeCapabilities(await sites.connect(id), options);
      const changes = await store.save(id, result, versions);
      for (const { capability, from, to } of changes) {
        log.info({ site, capability, from, to }, "what may be done at a site has changed");
      }
      for (const what of result.left_behind) log.warn({ site, what }, "a probe left something behind");
      return result;
    } catch (error) {
      const problem = siteProblem(error, site);
      if (problem instanceof Error) {
        await store.noteFailure(id, problem.message, new Date(Date.now() + RETRY_MS));
      }
      throw problem;
    } finally {
      await events.publish({ type: "site", site }, { site_project_id: id });
    }
  };

  return {
    isAt: (id) => under_way.has(id),
    async run(site, id, options) {
      under_way.set(id, (under_way.get(id) ?? 0) + 1);
      try {
        return await run(site, id, options);
      } finally {
        const left = (under_way.get(id) ?? 1) - 1;
        if (left > 0) under_way.set(id, left);
        else under_way.delete(id);
      }
    },
  };
}
