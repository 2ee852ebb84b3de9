import type { Check } from "@uniview/api";
import type { Flavor } from "@uniview/openstack/compute/flavors";
import type { MigrationOrders } from "../orders.ts";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { fail, quota } from "./check.ts";

type Wanted = Pick<MigrationOrders, "disks" | "ports" | "security_groups">;

/** Does what the target shall hold fit into its quota, and what the source holds meanwhile into that of the source? */
export function checkQuotas(
  source: SourceFacts,
  target: TargetFacts,
  flavor: Flavor | null,
  wanted: Wanted,
): Check[] {
  return [
    ...compute(target, flavor),
    ...targetVolumes(target, wanted),
    ...networking(target, wanted),
    ...sourceVolumes(source, wanted),
  ];
}

function compute({ site, compute_limits: limits }: TargetFacts, flavor: Flavor | null): Check[] {
  const servers = quota(
    "quota.instances",
    "Quota: servers",
    1,
    limits.maxTotalInstances,
    limits.totalInstancesUsed,
    site,
  );
  if (!flavor) return [servers];
  return [
    servers,
    quota("quota.cores", "Quota: vCPUs", flavor.vcpus, limits.maxTotalCores, limits.totalCoresUsed, site),
    quota("quota.ram", "Quota: memory, MiB", flavor.ram, limits.maxTotalRAMSize, limits.totalRAMUsed, site),
  ];
}

function targetVolumes({ site, block_storage_limits: limits }: TargetFacts, { disks }: Wanted): Check[] {
  const volumes = disks.filter(({ kind }) => kind === "volume");
  if (volumes.length === 0) return [];
  if (!limits) {
    return [
      fail(
        "target.block-storage",
        "Block storage",
        `${site} has no block storage, and the server has ${volumes.length} volumes.`,
        "Choose another site.",
      ),
    ];
  }
  return [
    quota(
      "quota.volumes",
      "Quota: volumes",
      volumes.length,
      limits.maxTotalVolumes,
      limits.totalVolumesUsed,
      site,
    ),
    quota(
      "quota.gigabytes",
      "Quota: GiB of volumes",
      sizeOf(volumes),
      limits.maxTotalVolumeGigabytes,
      limits.totalGigabytesUsed,
      site,
    ),
  ];
}

function networking({ site, network_quota }: TargetFacts, { ports, security_groups }: Wanted): Check[] {
  const row = (id: string, title: string, name: string, needed: number) =>
    needed === 0
      ? []
      : [quota(id, title, needed, network_quota[name]?.limit, network_quota[name]?.used, site)];
  const made = security_groups.filter(({ target_id }) => target_id === null);
  return [
    ...row("quota.ports", "Quota: ports", "port", ports.length),
    ...row(
      "quota.floatingips",
      "Quota: floating IPs",
      "floatingip",
      ports.filter(({ floating_network_id }) => floating_network_id).length,
    ),
    ...row("quota.security-groups", "Quota: security groups", "security_group", made.length),
    ...row(
      "quota.security-group-rules",
      "Quota: security group rules",
      "security_group_rule",
      made.reduce((sum, { rules }) => sum + rules.length, 0),
    ),
  ];
}

/** Each volume has, for a while, a snapshot and a copy on the source, one volume after the other. */
function sourceVolumes({ site, block_storage_limits: limits }: SourceFacts, { disks }: Wanted): Check[] {
  const volumes = disks.filter(({ kind }) => kind === "volume");
  if (volumes.length === 0 || !limits) return [];
  const copies_gb = sizeOf(volumes) * 2;
  return [
    quota(
      "quota.source-snapshots",
      "Quota meanwhile: snapshots",
      volumes.length,
      limits.maxTotalSnapshots,
      limits.totalSnapshotsUsed,
      site,
    ),
    quota(
      "quota.source-volumes",
      "Quota meanwhile: volumes",
      volumes.length,
      limits.maxTotalVolumes,
      limits.totalVolumesUsed,
      site,
    ),
    quota(
      "quota.source-gigabytes",
      "Quota meanwhile: GiB of snapshots and volumes",
      copies_gb,
      limits.maxTotalVolumeGigabytes,
      limits.totalGigabytesUsed,
      site,
    ),
  ];
}

function sizeOf(volumes: Wanted["disks"]): number {
  return volumes.reduce((sum, { size_gb }) => sum + size_gb, 0);
}
