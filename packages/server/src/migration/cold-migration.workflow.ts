import { type MigrationResult, Problem } from "@uniview/api";
import { OpenStackError, SiteUnreachable } from "@uniview/openstack";
import type { Server } from "@uniview/openstack/compute/server";
import { getServer } from "@uniview/openstack/compute/servers";
import { defineWorkflow } from "@uniview/workflow";
import { addressesOf } from "../inventory/normalise/addresses.ts";
import { RecordedProblem } from "../jobs/job-problems.ts";
import { siteProblem } from "../sites/site-problems.ts";
import { MigrationOrders } from "./orders.ts";
import { type Hands, known, type MigrationDeps, type MigrationState, type Side } from "./steps/step.ts";
import { lastStepsOf, stepsOf } from "./steps/steps-of.ts";
import { CREATE_SERVER } from "./steps/target-server.ts";

/**
 * Cold migration by the `image` mechanism: the source is shut off, its disks travel as images, the copy is built of
 * them and booted, and only then the source is locked. Whatever fails before the copy runs, the source runs again as it
 * did. From then on the copy may be serving users and stays: what cannot be done any more is told in the result.
 */
export const coldMigration = defineWorkflow({
  name: "cold-migration",
  input: MigrationOrders,
  title: ({ source, target }) => `Migrate ${source.server_name} from ${source.site} to ${target.site}`,
  steps: (orders) => [
    ...[...stepsOf(orders), ...lastStepsOf(orders)].map(({ name, title }) => ({ name, title })),
    { name: "report", title: "Look at the result" },
  ],
  async run(job, orders, deps: MigrationDeps): Promise<MigrationResult> {
    const { hands, inWords } = handsOf(orders, deps);
    let state: MigrationState = {};
    for (const { name, title, side, do: act, undo } of stepsOf(orders)) {
      const before = state;
      state = await job.step(name, {
        title,
        do: (context) => inWords(side, act(hands, before, context)),
        undo: typeof undo === "function" ? (context) => inWords(side, undo(hands, context)) : undo,
        // A target that is dead must not keep the source from running again, unless the copy may be running there.
        undo_may_wait: side === "target" && name !== CREATE_SERVER,
      });
    }
    const copied = await job.commit();
    for (const { name, title, side, do: act } of lastStepsOf(orders)) {
      const before = state;
      state = await copied.step(name, {
        title,
        do: (context) => inWords(side, act(hands, before, context)),
        otherwise: (why) => ({
          ...before,
          degraded: [...(before.degraded ?? []), `Not done: ${title} (${why})`],
        }),
      });
    }
    return copied.step("report", {
      title: "Look at the result",
      do: async () => reportOf(orders, state, await inWords("target", look(orders, hands, state))),
      otherwise: () => reportOf(orders, state, undefined),
    });
  },
});

interface Work {
  readonly hands: Hands;
  /** Runs a part of a step; errors of sites become problems that name the site. */
  inWords<T>(side: Side, part: Promise<T>): Promise<T>;
}

function handsOf(orders: MigrationOrders, { connect, transfers, refresh }: MigrationDeps): Work {
  // Whose host answered tells which of the two sites an error is about; where none did, the step's own side.
  const hosts = new Map<string, string>();
  const at: Hands["at"] = async (side, service) => {
    const { site, site_project_id } = orders[side];
    try {
      const client = await (await connect(site_project_id)).service(service);
      hosts.set(new URL(client.endpoint).host, site);
      return client;
    } catch (error) {
      throw recorded(error, site);
    }
  };
  return {
    hands: { orders, transfers, at, refresh: (side) => refresh(orders[side].site_project_id) },
    async inWords(side, part) {
      try {
        return await part;
      } catch (error) {
        const host =
          error instanceof OpenStackError
            ? error.url_host
            : error instanceof SiteUnreachable
              ? error.host
              : "";
        throw recorded(error, hosts.get(host) ?? orders[side].site);
      }
    },
  };
}

function recorded(error: unknown, site: string): unknown {
  const problem = siteProblem(error, site);
  return problem instanceof Problem ? new RecordedProblem(problem) : problem;
}

/** Both servers as their sites show them at the end. */
interface Seen {
  readonly copy: Server;
  readonly original: Server;
}

async function look({ source }: MigrationOrders, hands: Hands, { server_id }: MigrationState): Promise<Seen> {
  const copy = await getServer(await hands.at("target", "compute"), known(server_id, "server at the target"));
  return { copy, original: await getServer(await hands.at("source", "compute"), source.server_id) };
}

/** @param seen undefined when a site did not answer any more and the job was ended: Nova's own word for that is UNKNOWN. */
function reportOf(
  { source, target, disks, consistency, degraded, keep_source_running }: MigrationOrders,
  state: MigrationState,
  seen: Seen | undefined,
): MigrationResult {
  const { stopped_at, active_at } = state;
  return {
    server: {
      site: target.site,
      id: known(state.server_id, "server at the target"),
      name: seen?.copy.name ?? target.name,
      status: seen?.copy.status ?? "UNKNOWN",
      addresses: seen ? addressesOf({ addresses: seen.copy.addresses }) : [],
    },
    source: {
      site: source.site,
      id: source.server_id,
      status: seen?.original.status ?? "UNKNOWN",
      locked: seen?.original.locked ?? state.locked ?? false,
    },
    disks: disks.map((disk) => {
      const moved = known(state.moved?.[disk.index], "moved disk");
      return {
        name: disk.label,
        source_id: disk.source_volume_id,
        target_id: state.volume_ids?.[disk.index] ?? moved.target_image_id,
        bytes_moved: moved.bytes,
        checksum: moved.checksum,
        verified: moved.verified,
      };
    }),
    downtime_s:
      !keep_source_running && stopped_at && active_at
        ? (Date.parse(active_at) - Date.parse(stopped_at)) / 1000
        : null,
    consistency,
    // What a call came back with was mostly told by the plan already.
    degraded: [...new Set([...degraded, ...(state.degraded ?? [])])],
  };
}
