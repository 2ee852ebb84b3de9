import { Refusal } from "../http/refusal.ts";
import type { Site } from "../site.ts";

/** Cinder's defaults, with more volumes. */
const DEFAULTS = {
  volumes: 40,
  per_volume_gigabytes: -1,
  snapshots: 20,
  gigabytes: 1000,
  backups: 10,
  backup_gigabytes: 1000,
  groups: 10,
};

type Counted = "volumes" | "snapshots" | "gigabytes";

export function volumeLimits(site: Site, project_id: string): Record<string, number> & typeof DEFAULTS {
  return { ...DEFAULTS, ...site.state.quotas.get(`block-storage/${project_id}`)?.limits };
}

/** Snapshots count against gigabytes too, as with Cinder's `no_snapshot_gb_quota` unset. */
export function volumesUsed(site: Site, project_id: string): Record<Counted, number> {
  const volumes = [...site.state.volumes.values()].filter((volume) => volume.project_id === project_id);
  const snapshots = [...site.state.snapshots.values()].filter(
    (snapshot) => snapshot.project_id === project_id,
  );
  const gigabytes = [...volumes, ...snapshots].reduce((sum, one) => sum + one.size, 0);
  return { volumes: volumes.length, snapshots: snapshots.length, gigabytes };
}

/** @throws Refusal 413 in Cinder's words */
export function checkBackupQuota(site: Site, project_id: string, gigabytes: number): void {
  const limits = volumeLimits(site, project_id);
  const own = [...site.state.backups.values()].filter((backup) => backup.project_id === project_id);
  const used_gigabytes = own.reduce((sum, { size }) => sum + size, 0);
  if (limits.backups >= 0 && own.length + 1 > limits.backups) {
    throw new Refusal(
      413,
      `BackupLimitExceeded: Maximum number of backups allowed (${limits.backups}) exceeded`,
    );
  }
  if (limits.backup_gigabytes >= 0 && used_gigabytes + gigabytes > limits.backup_gigabytes) {
    throw new Refusal(
      413,
      `VolumeBackupSizeExceedsAvailableQuota: Requested backup exceeds allowed Backup gigabytes quota. Requested ${gigabytes}G, quota is ${limits.backup_gigabytes}G and ${used_gigabytes}G has been consumed.`,
    );
  }
}

/** @throws Refusal 413 in Cinder's words */
export function checkVolumeQuota(
  site: Site,
  project_id: string,
  wanted: Partial<Record<Counted, number>>,
): void {
  const limits = volumeLimits(site, project_id);
  const used = volumesUsed(site, project_id);
  const gigabytes = wanted.gigabytes ?? 0;
  if (limits.gigabytes >= 0 && used.gigabytes + gigabytes > limits.gigabytes) {
    throw new Refusal(
      413,
      `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested ${gigabytes}G, quota is ${limits.gigabytes}G and ${used.gigabytes}G has been consumed.`,
    );
  }
  for (const [name, title, plural] of [
    ["volumes", "VolumeLimitExceeded", "volumes"],
    ["snapshots", "SnapshotLimitExceeded", "snapshots"],
  ] as const) {
    if (limits[name] >= 0 && (wanted[name] ?? 0) > 0 && used[name] + 1 > limits[name]) {
      throw new Refusal(
        413,
        `${title}: Maximum number of ${plural} allowed (${limits[name]}) exceeded for quota '${name}'.`,
      );
    }
  }
}
