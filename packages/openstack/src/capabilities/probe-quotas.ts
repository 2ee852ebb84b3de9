import type { BlockStorageLimits } from "../block-storage/limits.ts";
import { OpenStackError } from "../errors/openstack-error.ts";
import { getNetworkQuota } from "../network/quotas.ts";
import type { ServiceClient } from "../service/service-client.ts";
import type { ServiceType } from "../service/service-types.ts";
import { type Evidence, evidenceOf, type Finding, fine } from "./finding.ts";
import type { ProbedSite } from "./probed-site.ts";

/** Less than this part of a quota is left: told as `limited`. */
const SCARCE = 0.1;

interface Use {
  readonly limit: number;
  readonly used: number | undefined;
}

/** How much of each quota is left. A state changes only when it gets scarce or is spent, so that use is no drift. */
export async function probeComputeQuotas({ client }: ProbedSite): Promise<Finding[]> {
  return readLimits<Record<string, number>>(await client("compute"), "compute", (limits) => ({
    instances: { limit: limits["maxTotalInstances"] ?? -1, used: limits["totalInstancesUsed"] },
    cores: { limit: limits["maxTotalCores"] ?? -1, used: limits["totalCoresUsed"] },
    ram: { limit: limits["maxTotalRAMSize"] ?? -1, used: limits["totalRAMUsed"] },
  }));
}

export async function probeBlockStorageQuotas({ client }: ProbedSite): Promise<Finding[]> {
  return readLimits<BlockStorageLimits>(await client("block-storage"), "block-storage", (limits) => ({
    volumes: { limit: limits.maxTotalVolumes, used: limits.totalVolumesUsed },
    gigabytes: { limit: limits.maxTotalVolumeGigabytes, used: limits.totalGigabytesUsed },
    snapshots: { limit: limits.maxTotalSnapshots, used: limits.totalSnapshotsUsed },
  }));
}

export async function probeNetworkQuotas({ client, project_id }: ProbedSite): Promise<Finding[]> {
  const neutron = await client("network");
  try {
    const quota = await getNetworkQuota(neutron, project_id);
    const evidence = fine(neutron, "GET", `/quotas/${project_id}`, 200);
    return ["port", "network", "security_group", "floatingip"].flatMap((name) => {
      const row = quota[name];
      return row === undefined ? [] : [quotaFound(`network.quota.${name}`, row, evidence)];
    });
  } catch (error) {
    if (error instanceof OpenStackError) return [];
    throw error;
  }
}

async function readLimits<Limits>(
  client: ServiceClient,
  service: ServiceType,
  usesOf: (limits: Limits) => Readonly<Record<string, Use>>,
): Promise<Finding[]> {
  const capability = `${service}.limits`;
  try {
    const { absolute } = await client.get<{ absolute: Limits }>("/limits", { unwrap: "limits" });
    const evidence = fine(client, "GET", "/limits", 200);
    const uses = Object.entries(usesOf(absolute));
    return [
      { capability, state: "yes", how: "document", evidence },
      ...uses.map(([name, use]) => quotaFound(`${service}.quota.${name}`, use, evidence)),
    ];
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const state = error.status === 403 ? "no" : "unknown";
    return [{ capability, state, how: "document", evidence: evidenceOf(error) }];
  }
}

function quotaFound(capability: string, { limit, used }: Use, evidence: Evidence): Finding {
  const found = { capability, how: "document", evidence } as const;
  if (limit < 0)
    return { ...found, state: "yes", detail: `no limit${used === undefined ? "" : `, ${used} used`}` };
  if (used === undefined) return { ...found, state: limit === 0 ? "no" : "yes", detail: `${limit} at most` };
  const left = limit - used;
  const state = left <= 0 ? "no" : left < limit * SCARCE ? "limited" : "yes";
  return { ...found, state, detail: `${used} of ${limit} used` };
}
