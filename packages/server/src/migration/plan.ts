import type { Check, MigrationPlan, PlanMigration } from "@uniview/api";
import { degradedAt, type OperationName, sayDegraded } from "@uniview/openstack";
import type { Server } from "@uniview/openstack/compute/server";
import { checkQuotas } from "./checks/quotas.ts";
import { checkSource } from "./checks/source-state.ts";
import {
  checkFlavor,
  checkFormats,
  checkImageSize,
  checkKeypair,
  checkName,
  checkNetworks,
  checkPorts,
  checkSecurityGroups,
  checkVolumeTypes,
} from "./checks/target.ts";
import { refuseUnused } from "./mappings/choose.ts";
import { mapFlavor } from "./mappings/flavor.ts";
import { mapKeypair } from "./mappings/keypair.ts";
import { mapNetworks } from "./mappings/networks.ts";
import { mapSecurityGroups, type SecurityGroupMapping } from "./mappings/security-groups.ts";
import { mapVolumeTypes } from "./mappings/volume-types.ts";
import type { MigrationOrders, SecurityGroupOrder } from "./orders.ts";
import { planDisks } from "./plan-disks.ts";
import { planPorts } from "./plan-ports.ts";
import { type Downtime, predictDowntime } from "./predict-downtime.ts";
import type { SourceFacts } from "./source-facts.ts";
import type { TargetFacts } from "./target-facts.ts";

/** Who the two sides are to Uniview: what facts read from a site do not tell. */
export interface Ends {
  readonly source: {
    readonly site_project_id: string;
    readonly project_id: string;
  };
  readonly target: {
    readonly site_project_id: string;
    readonly project_name: string;
  };
}

export interface Planned {
  readonly plan: MigrationPlan;
  /** null: a check failed, so nothing can be ordered. */
  readonly orders: MigrationOrders | null;
}

/**
 * The pre-flight, without I/O: what both sites said becomes checks, suggested mappings and orders.
 *
 * @throws Problem `mapping-missing` where a mapping names what the target does not have, `invalid-input` where it
 *   names what the source does not use
 */
export function makePlan(
  request: PlanMigration,
  source: SourceFacts,
  target: TargetFacts,
  ends: Ends,
  history: Downtime | null,
): Planned {
  const { mappings, keep_source_running } = request;
  const source_name = source.server.name ?? source.server.id;
  const name = request.name ?? source_name;
  const networks = mapNetworks(source, target, mappings.networks);
  const flavor = mapFlavor(source, target, mappings.flavors);
  const types = mapVolumeTypes(source, target, mappings.volume_types);
  const groups = mapSecurityGroups(source, target, mappings.security_groups);
  const keypair = mapKeypair(source, target, mappings.keypairs);
  const rows = [
    ...networks.map(({ row }) => row),
    flavor.row,
    ...types.map(({ row }) => row),
    ...groups.map(({ row }) => row),
    ...(keypair.row ? [keypair.row] : []),
  ];
  refuseUnused(mappings, rows, source_name);
  const disks = planDisks(source, types);
  const ports = planPorts(source, target, networks);
  const disk_orders = disks.map(({ order }) => order);
  const port_orders = ports.flatMap(({ order }) => (order ? [order] : []));
  const group_orders = groups.map(orderGroup);
  const bytes_estimate = disks.reduce((sum, { shown }) => sum + shown.size_bytes, 0);
  const consistency = consistencyOf(source, keep_source_running);
  const degraded = whatIsLost(request, source, target);
  const checks: Check[] = [
    ...checkSource(source, keep_source_running),
    checkFlavor(source, target, flavor),
    ...checkNetworks(networks, target.site),
    ...checkPorts(ports.map(({ shown }) => shown)),
    ...checkSecurityGroups(groups),
    ...checkKeypair(keypair),
    ...checkVolumeTypes(types),
    ...checkFormats(target, disk_orders),
    checkImageSize(target.site, Math.max(0, ...disks.map(({ shown }) => shown.size_bytes))),
    ...checkQuotas(source, target, flavor.target, {
      disks: disk_orders,
      ports: port_orders,
      security_groups: group_orders,
    }),
    checkName(target, name, request.name !== undefined),
  ];
  const can_start = checks.every(({ outcome }) => outcome !== "fail");
  return {
    plan: {
      server: {
        site: source.site,
        id: source.server.id,
        name: source_name,
        status: source.server.status,
      },
      target: {
        site: target.site,
        project_id: target.project_id,
        project_name: ends.target.project_name,
        name,
      },
      can_start,
      checks,
      mappings: rows,
      disks: disks.map(({ shown }) => shown),
      ports: ports.map(({ shown }) => shown),
      bytes_estimate,
      downtime: predictDowntime(bytes_estimate, history, keep_source_running),
      degraded,
      consistency,
    },
    orders:
      can_start && flavor.target
        ? {
            source: {
              site: source.site,
              ...ends.source,
              server_id: source.server.id,
              server_name: source_name,
              was_active: source.server.status === "ACTIVE",
            },
            target: {
              site: target.site,
              site_project_id: ends.target.site_project_id,
              project_id: target.project_id,
              name,
            },
            keep_source_running,
            target_flavor_id: flavor.target.id,
            image: { min_disk_gb: source.image?.min_disk ?? 0, min_ram_mb: source.image?.min_ram ?? 0 },
            disks: disk_orders,
            ports: port_orders,
            security_groups: group_orders,
            keypair: keypair.order,
            metadata: source.server.metadata ?? {},
            description: source.server.description ?? null,
            hostname: hostnameOf(source.server),
            tags: source.server.tags ?? [],
            config_drive: source.server.config_drive === "True",
            consistency,
            degraded,
          }
        : null,
  };
}

function orderGroup({ source, target }: SecurityGroupMapping): SecurityGroupOrder {
  return {
    source_id: source.id,
    name: source.name,
    description: source.description,
    target_id: target?.id ?? null,
    rules: target
      ? []
      : source.security_group_rules.map((rule) => ({
          direction: rule.direction,
          ethertype: rule.ethertype,
          protocol: rule.protocol,
          port_range_min: rule.port_range_min,
          port_range_max: rule.port_range_max,
          remote_ip_prefix: rule.remote_ip_prefix,
          remote_group_source_id: rule.remote_group_id,
        })),
  };
}

/** What Nova takes as a hostname: one label of a DNS name. */
const HOSTNAME = /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/i;

/** What the guest is told its name is, which need not follow from the server's; null where the site does not show it. */
function hostnameOf(server: Server): string | null {
  const hostname = server["OS-EXT-SRV-ATTR:hostname"];
  return hostname !== undefined && HOSTNAME.test(hostname) ? hostname : null;
}

/** A stopped server is at rest; of a running one, disks are taken one after the other. */
function consistencyOf(
  { server, volumes, boots_from_volume }: SourceFacts,
  keep_source_running: boolean,
): MigrationPlan["consistency"] {
  if (!keep_source_running || server.status === "SHUTOFF") return "stopped";
  return volumes.length + (boots_from_volume ? 0 : 1) > 1 ? "staggered" : "crash";
}

/** What no API hands over, and what these two sites are too old for, told before it happens. */
function whatIsLost(
  { keep_source_running }: PlanMigration,
  { site, server, compute }: SourceFacts,
  target: TargetFacts,
): string[] {
  const locking: OperationName[] = keep_source_running ? [] : ["lock_server.reason", "tag_server.add"];
  const building: OperationName[] = [
    ...(server.description ? (["create_server.description"] as const) : []),
    ...((server.tags ?? []).length > 0 ? (["create_server.tags"] as const) : []),
    ...(hostnameOf(server) === null ? [] : (["create_server.hostname"] as const)),
  ];
  const lost = [
    "User data, passwords and the server's own snapshots stay behind: no API hands them to a member.",
    ...degradedAt(compute, locking).map((note) => sayDegraded(note, site)),
    ...degradedAt(target.compute, building).map((note) => sayDegraded(note, target.site)),
  ];
  if ((server.server_groups ?? []).length > 0) lost.push("Its server group is not made on the target.");
  return lost;
}
