import { Problem } from "@uniview/api";
import { isStatus, type Session, SiteUnreachable } from "@uniview/openstack";
import type { Logger } from "pino";
import type { EventHub } from "../events/hub.ts";
import type { ServicesWatch } from "./services-watch.ts";
import type { SessionPool } from "./session-pool.ts";
import { siteProblem } from "./site-problems.ts";
import type { ProjectRow, SiteRow, SiteStore } from "./site-store.ts";

/** How often a site that answers is looked at … */
export const PROBE_EVERY_MS = 15_000;
/** … and one that does not. */
const PROBE_AGAIN_MS = 10_000;
const TICK_MS = 5_000;
/** A site that takes longer counts as one that does not answer. */
const PROBE_TIMEOUT_MS = 15_000;

export interface Prober {
  start(): void;
  /** Looks at one site now; several at once are one look. */
  probe(site_id: string): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  readonly store: SiteStore;
  readonly pool: SessionPool;
  readonly watch: ServicesWatch;
  readonly events: EventHub;
  readonly log: Logger;
}

/** Looks at every site in turn, each by itself: one that hangs delays no other. */
export function createProber({ store, pool, watch, events, log }: Options): Prober {
  const looking = new Map<string, Promise<void>>();
  const due_at = new Map<string, number>();
  let ticker: NodeJS.Timeout | undefined;

  const look = async (site: SiteRow): Promise<void> => {
    const { latency_ms, problem, session } = await findOut(site, store, pool);
    const breaker = pool.breakerOf(site.id);
    if (!problem) breaker.answered();
    else if (problem.cause instanceof SiteUnreachable) breaker.trip(problem.cause);
    due_at.set(site.id, performance.now() + (problem ? PROBE_AGAIN_MS : PROBE_EVERY_MS));
    const changed = await store.noteProbe(site.id, { latency_ms, problem: problem?.toJSON() ?? null });
    if (session) watch.lookWhereDue(site, session, changed);
    if (!changed) return;
    if (problem) log.warn({ site: site.name, problem: problem.message }, "the site is not well");
    else log.info({ site: site.name }, "the site answers again");
    await events.publish({ type: "site", site: site.name }, { site_id: site.id });
  };

  const probe = (site: SiteRow): Promise<void> => {
    const running = looking.get(site.id);
    if (running) return running;
    const run = look(site)
      .catch((error: unknown) => log.error({ err: error, site: site.name }, "a look at the site failed"))
      .finally(() => looking.delete(site.id));
    looking.set(site.id, run);
    return run;
  };

  const tick = async () => {
    const sites = await store.allSites();
    const there = new Set(sites.map((site) => site.id));
    for (const id of due_at.keys()) if (!there.has(id)) due_at.delete(id);
    for (const site of sites) if ((due_at.get(site.id) ?? 0) <= performance.now()) void probe(site);
  };

  return {
    start() {
      const run = () =>
        void tick().catch((error: unknown) => log.error({ err: error }, "the sites were not looked at"));
      ticker = setInterval(run, TICK_MS);
      run();
    },
    async probe(site_id) {
      const site = await store.byId(site_id);
      if (site) await probe(site);
    },
    async close() {
      clearInterval(ticker);
      await Promise.race([Promise.all(looking.values()), timeout(1000)]);
    },
  };
}

interface Finding {
  readonly latency_ms: number | null;
  readonly problem: Problem | undefined;
  /** One that reaches the site, even if it is refused there. */
  readonly session: Session | undefined;
}

/** Asks the site's identity service with the first of its credentials that is still good. */
async function findOut(site: SiteRow, store: SiteStore, pool: SessionPool): Promise<Finding> {
  let refused: Pick<Finding, "problem" | "session"> = { problem: undefined, session: undefined };
  for (const project of await store.projectsOf(site.id)) {
    const session = await pool.connectAnyway(project.id);
    try {
      const latency_ms = await Promise.race([measure(session, site, project), tooLate(site)]);
      return { latency_ms, problem: undefined, session };
    } catch (error) {
      const problem = siteProblem(error, site.name);
      if (!(problem instanceof Problem)) throw error;
      if (problem.cause instanceof SiteUnreachable) return { latency_ms: null, problem, session: undefined };
      refused = refused.problem ? refused : { problem, session };
      if (problem.slug !== "site-sign-in-failed") break;
    }
  }
  return { latency_ms: null, ...refused };
}

/** The token is shown, too: a region that replaced another one at the same address does not know it. */
async function measure(session: Session, site: SiteRow, project: ProjectRow): Promise<number> {
  const keystone = await session.service("identity");
  await session.token();
  const begun = performance.now();
  try {
    await keystone.get("/auth/projects", { timeout_ms: PROBE_TIMEOUT_MS, require: "projects" });
  } catch (error) {
    // A credential with access rules may not ask this, but its token was known.
    if (!isStatus(error, 403)) throw error;
  }
  const latency_ms = Math.round(performance.now() - begun);
  const now = (await session.token()).project;
  if (now && now.id !== project.project_id) throw otherProject(site, project, now.id);
  return latency_ms;
}

function otherProject(site: SiteRow, { project_name, project_id }: ProjectRow, id: string): Problem {
  const what = `The project ${project_name} of ${site.name} is another one than before (${id}, was ${project_id}): the region was replaced.`;
  const remedy = "Remove the site and add it again; what it had before is gone with the old region.";
  return new Problem("site-sign-in-failed", what, { site: site.name, remedy });
}

async function tooLate(site: SiteRow): Promise<never> {
  await timeout(PROBE_TIMEOUT_MS);
  const { host } = new URL(site.auth_url);
  throw new SiteUnreachable("timeout", host, `${host} did not answer within ${PROBE_TIMEOUT_MS / 1000} s.`);
}

const timeout = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
