import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface VolumeFromBackup {
  backup_id: string;
  name: string;
  /** GiB; default: the backup's. An older site always takes the backup's. */
  size?: number | undefined;
  /** An older site takes its default type. */
  volume_type?: string | undefined;
  availability_zone?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
}

export interface RestoredVolume {
  id: string;
  degraded: readonly Degraded[];
}

/**
 * Starts a volume with a backup's bytes; wait with `waitForVolume`.
 *
 * Not idempotent: after a lost answer look for it by its name before asking again.
 * @throws OpenStackError 413 quota, 400 the backup is not available or larger than `size`, 404
 */
export async function createVolumeFromBackup(
  cinder: ServiceClient,
  { backup_id, ...volume }: VolumeFromBackup,
): Promise<RestoredVolume> {
  const { microversion, ways, degraded } = negotiate(cinder, "create_volume.backup");
  if (ways["create_volume.backup"] === "field") {
    const body = { volume: { ...volume, backup_id } };
    const { id } = await cinder.post<{ id: string }>("/volumes", { body, microversion, unwrap: "volume" });
    return { id, degraded };
  }
  const { name, metadata } = volume;
  const restored = await cinder.post<{ volume_id: string }>(`/backups/${backup_id}/restore`, {
    body: { restore: { name } },
    unwrap: "restore",
  });
  const id = restored.volume_id;
  if (metadata !== undefined)
    await cinder.post(`/volumes/${id}/metadata`, { body: { metadata }, idempotent: true });
  return { id, degraded };
}
