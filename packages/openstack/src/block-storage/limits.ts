import type { ServiceClient } from "../service/service-client.ts";

/** What the project may have and has. -1 is no limit. */
export interface BlockStorageLimits {
  maxTotalVolumes: number;
  totalVolumesUsed: number;
  maxTotalVolumeGigabytes: number;
  totalGigabytesUsed: number;
  maxTotalSnapshots: number;
  totalSnapshotsUsed: number;
  maxTotalBackups?: number;
  totalBackupsUsed?: number;
}

/** Every role may read its own project's limits. @throws OpenStackError 403 where policy hides them */
export async function getBlockStorageLimits(cinder: ServiceClient): Promise<BlockStorageLimits> {
  const { absolute } = await cinder.get<{ absolute: BlockStorageLimits }>("/limits", { unwrap: "limits" });
  return absolute;
}

export interface QuotaUse {
  limit: number;
  in_use: number;
  reserved: number;
}

/**
 * Limits with use, also per volume type: `volumes_<type>`, `gigabytes_<type>`. -1 is no limit.
 * @throws OpenStackError 403 where policy hides it
 */
export async function getBlockStorageQuota(
  cinder: ServiceClient,
  project_id: string,
): Promise<Record<string, QuotaUse>> {
  const query = { usage: "true" };
  const quota = await cinder.get<Record<string, QuotaUse | string>>(`/os-quota-sets/${project_id}`, {
    query,
    unwrap: "quota_set",
  });
  const rows = Object.entries(quota).filter((row): row is [string, QuotaUse] => typeof row[1] === "object");
  return Object.fromEntries(rows);
}
