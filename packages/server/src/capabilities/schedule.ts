import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import { claim, type DueProject, dueProjects } from "./claim.ts";
import type { ProjectProbe } from "./probe-project.ts";

/** How often a project is probed again. */
const PROBE_EVERY_MS = 6 * 60 * 60_000;
/** A site that was just joined is read first, which is what people wait for. */
const SETTLE_MS = 15_000;
const TICK_MS = 15_000;
/** Probes under way at once in this server; a site has one at a time. */
const MAX_AT_ONCE = 4;

export interface Schedule {
  start(): void;
  close(): Promise<void>;
}

interface Deps {
  readonly database: Database;
  readonly probe: ProjectProbe;
  readonly log: Logger;
}

/** Probes every project after it was joined, again after hours, and when its site became another release. */
export function createSchedule({ database, probe, log }: Deps): Schedule {
  const at_work = new Map<string, Promise<void>>();
  let ticker: NodeJS.Timeout | undefined;

  const work = async ({ site, site_project_id }: DueProject) => {
    if (!(await claim(database.kysely, site_project_id))) return;
    await probe.run(site, site_project_id);
  };

  const tick = async () => {
    const now = Date.now();
    const due = await dueProjects(database.kysely, {
      probed_before: new Date(now - PROBE_EVERY_MS),
      joined_before: new Date(now - SETTLE_MS),
    });
    for (const project of due) {
      if (at_work.size >= MAX_AT_ONCE) return;
      if (at_work.has(project.site_id)) continue;
      const running = work(project)
        .catch((error: unknown) => log.warn({ err: error, site: project.site }, "a site was not probed"))
        .finally(() => at_work.delete(project.site_id));
      at_work.set(project.site_id, running);
    }
  };

  return {
    start() {
      const run = () =>
        void tick().catch((error: unknown) => log.error({ err: error }, "no site was probed"));
      ticker = setInterval(run, TICK_MS).unref();
      run();
    },
    async close() {
      clearInterval(ticker);
      await Promise.race([
        Promise.all(at_work.values()),
        new Promise<void>((resolve) => setTimeout(resolve, 1000).unref()),
      ]);
    },
  };
}
