import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { EventHub } from "../events/hub.ts";
import type { Feature } from "../feature.ts";
import type { Sealer } from "../secrets/sealer.ts";
import { type CountResources, createSiteService } from "./create-service.ts";
import { createGrantStore } from "./grant-store.ts";
import { createProber } from "./prober.ts";
import { registerSites } from "./routes.ts";
import type { SiteService } from "./service.ts";
import { createServicesWatch } from "./services-watch.ts";
import { createSessionPool } from "./session-pool.ts";
import { type AttachProject, createSiteStore } from "./site-store.ts";

export interface Sites extends Feature {
  readonly service: SiteService;
}

interface Deps {
  readonly log: Logger;
  readonly database: Database;
  readonly sealer: Sealer;
  readonly events: EventHub;
  /** The inventory stands on the sites, so it hands in how it counts. */
  readonly countResources: CountResources;
  /** So do the projects over sites. */
  readonly attachProject: AttachProject;
}

export function createSites({ log, database, sealer, events, countResources, attachProject }: Deps): Sites {
  const store = createSiteStore(database.kysely, attachProject);
  const pool = createSessionPool({
    store,
    sealer,
    log,
    onBreakerOpened: (site_id) => void prober.probe(site_id),
  });
  const watch = createServicesWatch({ store, events, log });
  const prober = createProber({ store, pool, watch, events, log });
  const service = createSiteService({ store, pool, prober, watch, sealer, events, countResources });
  const grants = createGrantStore(database.kysely);
  let stop: (() => void) | undefined;
  return {
    name: "sites",
    service,
    register: (app) => registerSites(app, { service, grants, events }),
    async start() {
      // another server may have removed a site: its sessions end here, too
      stop = events.observe("site", () => {
        pool.prune().catch((error: unknown) => log.error({ err: error }, "old sessions were not closed"));
      });
      prober.start();
    },
    async close() {
      stop?.();
      await prober.close();
      await pool.close();
    },
  };
}
