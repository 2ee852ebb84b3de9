import type { Engine } from "@uniview/workflow";
import type { Core, Feature } from "../feature.ts";
import type { InventoryReader } from "../inventory/reader.ts";
import type { InventoryService } from "../inventory/service.ts";
import type { JobService } from "../jobs/service.ts";
import type { Transfers } from "../transfers/transfers.ts";
import type { MigrationOrders } from "./orders.ts";
import { GIB } from "./plan-disks.ts";
import type { Downtime } from "./predict-downtime.ts";
import { registerMigrationRoutes } from "./routes.ts";
import { createMigrationService } from "./service.ts";
import type { MigrationDeps } from "./steps/step.ts";

/** What a migration changes at a site, and lists should show soon. */
const TOUCHED = ["servers", "volumes", "images", "ports", "security-groups", "keypairs"] as const;

/** What the steps of migrations may touch. */
export function migrationDeps(
  { sites, log }: Core,
  reader: InventoryReader,
  transfers: Transfers,
): MigrationDeps {
  return {
    connect: (site_project_id) => sites.connect(site_project_id),
    transfers,
    refresh: (site_project_id) => {
      const reads = TOUCHED.map((kind) => reader.refresh(site_project_id, kind));
      void Promise.allSettled(reads).then((results) => {
        for (const { reason } of results.filter((row) => row.status === "rejected"))
          log.warn({ err: reason }, "the inventory could not be read again");
      });
    },
  };
}

export function createMigration(
  core: Core,
  inventory: InventoryService,
  jobs: { service: JobService; engine: Engine },
): Feature {
  const service = createMigrationService({
    sites: core.sites,
    jobs: jobs.service,
    findServer: async (user, site, id) => (await inventory.getServer(user, site, id)).item,
    lastDowntime: ({ user_id }, from, to) => lastDowntime(jobs.engine, user_id, from, to),
  });
  return { name: "migration", register: (app) => registerMigrationRoutes(app, service) };
}

async function lastDowntime(
  engine: Engine,
  owner: string,
  from: string,
  to: string,
): Promise<Downtime | null> {
  const { items } = await engine.list({
    owner,
    workflow: "cold-migration",
    status: ["succeeded"],
    labels: { site: from, target_site: to },
    limit: 1,
  });
  const [job] = items;
  const { downtime_s } = (job?.result ?? {}) as { downtime_s?: number | null };
  if (!job?.ended_at || typeof downtime_s !== "number") return null;
  const bytes = (job.input as MigrationOrders).disks.reduce((sum, { size_gb }) => sum + size_gb * GIB, 0);
  return { downtime_s, bytes, ended_at: job.ended_at };
}
