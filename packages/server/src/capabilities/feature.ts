import type { Core, Feature } from "../feature.ts";
import { createProjectProbe } from "./probe-project.ts";
import { registerCapabilities } from "./routes.ts";
import { createSchedule } from "./schedule.ts";
import { createCapabilityService } from "./service.ts";
import { createCapabilityStore } from "./store.ts";
import { watchCalls } from "./watch-calls.ts";

/** What works at each site, and how: probed now and then, learned from real work, compared between sites. */
export function createCapabilities({ database, sites, events, log }: Core): Feature {
  const store = createCapabilityStore(database.kysely);
  const probe = createProjectProbe({ database, sites, events, log, store });
  const schedule = createSchedule({ database, probe, log });
  const service = createCapabilityService({ store, sites, probe });
  let stop: (() => Promise<void>) | undefined;
  return {
    name: "capabilities",
    register: (app) => registerCapabilities(app, service),
    async start() {
      stop = watchCalls({ sites, probe, store, log });
      schedule.start();
    },
    async close() {
      await schedule.close();
      await stop?.();
    },
  };
}
