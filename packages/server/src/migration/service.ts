import { type Job, type MigrationPlan, type PlanMigration, Problem } from "@uniview/api";
import { isStatus } from "@uniview/openstack";
import type { Principal } from "../http/principal.ts";
import type { JobService } from "../jobs/service.ts";
import type { GrantedProject, SiteService } from "../sites/service.ts";
import { siteProblem } from "../sites/site-problems.ts";
import { coldMigration } from "./cold-migration.workflow.ts";
import { makePlan, type Planned } from "./plan.ts";
import type { Downtime } from "./predict-downtime.ts";
import { readSource } from "./source-facts.ts";
import { readTarget } from "./target-facts.ts";

export interface MigrationService {
  /** The pre-flight: reads both sites, changes nothing. */
  plan(user: Principal, request: PlanMigration): Promise<MigrationPlan>;
  /** @throws Problem `preflight-failed` with the checks that failed */
  start(user: Principal, request: PlanMigration): Promise<Job>;
}

interface Parts {
  readonly sites: SiteService;
  readonly jobs: JobService;
  /** The project through which this user sees the server; `id` may be a name. */
  findServer(user: Principal, site: string, id: string): Promise<{ id: string; project_id: string }>;
  /** The last migration between two sites that succeeded. */
  lastDowntime(user: Principal, from: string, to: string): Promise<Downtime | null>;
}

export function createMigrationService({ sites, jobs, findServer, lastDowntime }: Parts): MigrationService {
  const look = async (user: Principal, request: PlanMigration): Promise<Planned> => {
    const { server, to } = request;
    if (server.site === to) {
      throw new Problem("invalid-input", `to: ${to} is the site that the server is on.`, {
        field: "to",
        remedy: "Choose another site.",
      });
    }
    const found = await findServer(user, server.site, server.id);
    const source = await sites.connectFor(user.user_id, server.site, found.project_id);
    const target = await sites.connectFor(user.user_id, to, request.to_project_id);
    const facts = await atSite(server.site, readSource(server.site, source.session, found.id));
    const [there, last] = await Promise.all([
      atSite(to, readTarget(to, target.session, request.name ?? facts.server.name ?? found.id)),
      lastDowntime(user, server.site, to),
    ]);
    return makePlan(
      request,
      facts,
      there,
      { source: endOf(source), target: { ...endOf(target), project_name: target.project_name } },
      last,
    );
  };

  return {
    plan: async (user, request) => (await look(user, request)).plan,

    async start(user, request) {
      const { plan, orders } = await look(user, request);
      if (!orders) throw preflightFailed(plan);
      const { source, target } = orders;
      const labels = {
        site: source.site,
        server_id: source.server_id,
        server_name: source.server_name,
        target_site: target.site,
        // what lists of jobs are asked for: jobs of a site, or of a server
        [`site:${source.site}`]: "yes",
        [`site:${target.site}`]: "yes",
        [`server:${source.server_id}`]: "yes",
      };
      // two at once would stop, start and lock the same source
      return jobs.start(user, coldMigration, orders, labels, `server ${source.server_id}`);
    },
  };
}

function endOf({ site_project_id, project_id }: GrantedProject) {
  return { site_project_id, project_id };
}

async function atSite<T>(site: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isStatus(error, 404) && error.service === "compute") {
      throw new Problem(
        "not-found",
        `${site} has no such server any more.`,
        { site, remedy: "Look at the list again." },
        error,
      );
    }
    throw siteProblem(error, site);
  }
}

function preflightFailed({ checks, server, target }: MigrationPlan): Problem {
  const failed = checks.filter(({ outcome }) => outcome === "fail");
  const [first] = failed;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : "";
  return new Problem(
    "preflight-failed",
    `${server.name} cannot be migrated to ${target.site}: ${sentence(first?.detail ?? "the pre-flight failed")}${more}`,
    {
      ...(first?.remedy ? { remedy: first.remedy } : {}),
      errors: failed.map(({ id, detail, remedy }) => ({
        field: id,
        detail: remedy ? `${sentence(detail)} ${remedy}` : sentence(detail),
      })),
    },
  );
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
