import {
  createBackup,
  deleteBackup,
  getBackup,
  waitForBackup,
  waitForBackupGone,
} from "../../src/block-storage/backups.ts";
import { createVolumeFromBackup } from "../../src/block-storage/create-volume-from-backup.ts";
import {
  addToGroup,
  createGroup,
  createGroupSnapshot,
  deleteGroup,
  deleteGroupSnapshot,
  listGroupTypes,
  removeFromGroup,
  waitForGroup,
  waitForGroupSnapshot,
  waitForGroupSnapshotGone,
} from "../../src/block-storage/groups.ts";
import { createSnapshot, listSnapshots, waitForSnapshot } from "../../src/block-storage/snapshots.ts";
import { reimageVolume, revertVolume } from "../../src/block-storage/volume-content.ts";
import { getEncryptionKeyId } from "../../src/block-storage/volume-encryption.ts";
import { listVolumeHolders } from "../../src/block-storage/volume-holders.ts";
import { acceptVolume, offerVolume, withdrawVolume } from "../../src/block-storage/volume-transfers.ts";
import { createVolume, getVolume, waitForVolume } from "../../src/block-storage/volumes.ts";
import { attachVolume, detachVolume } from "../../src/compute/volume-attachments.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { ServiceClient } from "../../src/service/service-client.ts";
import { removeVolume } from "./contract-site.ts";
import { type Admin, type Case, outcomeOf } from "./sides.ts";

/** What becomes of copies of volumes, and of volumes by copies, on both sides of each boundary. */
export const COPYING_SIDES: readonly Case[] = [
  [
    "create_backup.metadata",
    async (cinder, { site }) => {
      const wish = { volume_id: await site.volume(), name: "marked", metadata: { uniview: "job" } };
      const { id, degraded } = await createBackup(cinder, wish);
      const { status } = await waitForBackup(cinder, id);
      const { metadata } = await getBackup(site.cinder, id);
      await deleteBackup(cinder, id);
      await waitForBackupGone(cinder, id);
      return [status, metadata, degraded.length];
    },
    [
      ["3.43", ["available", { uniview: "job" }, 0]],
      ["3.42", ["available", {}, 1]],
    ],
  ],
  [
    "create_backup.availability_zone",
    async (cinder, { site }) => {
      const wish = { volume_id: await site.volume(), name: "elsewhere", availability_zone: "vault" };
      const { id, degraded } = await createBackup(cinder, wish);
      const { availability_zone } = await waitForBackup(cinder, id);
      await deleteBackup(cinder, id);
      return [availability_zone, degraded.length];
    },
    [
      ["3.51", ["vault", 0]],
      ["3.50", ["nova", 1]],
    ],
  ],
  [
    "create_volume.backup",
    async (cinder, { site }) => {
      const { id: backup_id } = await createBackup(cinder, { volume_id: await site.volume(), name: "whole" });
      const { size } = await waitForBackup(cinder, backup_id);
      const wish = { backup_id, name: "restored", size: size + 1, metadata: { uniview: "job" } };
      const { id, degraded } = await createVolumeFromBackup(cinder, wish);
      const volume = await waitForVolume(cinder, id, "available");
      await removeVolume(cinder, id);
      await deleteBackup(cinder, backup_id);
      const { uniview, src_backup_id } = volume.metadata;
      return [volume.name, volume.size - size, uniview, src_backup_id === backup_id, degraded.length];
    },
    [
      ["3.47", ["restored", 1, "job", true, 0]],
      ["3.46", ["restored", 0, "job", true, 1]],
    ],
  ],
  [
    "revert_volume.snapshot",
    async (cinder, { site }) => {
      const volume_id = await freshVolume(site.cinder);
      const snapshot = await createSnapshot(cinder, { volume_id, name: "before" });
      await waitForSnapshot(cinder, snapshot.id, "available");
      const reverted = await outcomeOf(revertVolume(cinder, volume_id, snapshot.id));
      await waitForVolume(cinder, volume_id, "available");
      return reverted;
    },
    [
      ["3.40", undefined],
      ["3.39", "NotOffered"],
    ],
  ],
  [
    "reimage_volume.image",
    async (cinder, { site }) => {
      const volume_id = await freshVolume(site.cinder);
      const written = await outcomeOf(reimageVolume(cinder, volume_id, site.image.id));
      await waitForVolume(cinder, volume_id, "available");
      return written;
    },
    [
      ["3.68", undefined],
      ["3.67", "NotOffered"],
    ],
  ],
  [
    "read_volume.attachments",
    async (cinder, { site }) => {
      const [{ id }, volume_id] = [await site.server(), await site.volume()];
      await attachVolume(site.nova, id, { volume_id });
      await waitForVolume(cinder, volume_id, "in-use");
      const { holders, degraded } = await listVolumeHolders(cinder, volume_id);
      await detachVolume(site.nova, id, volume_id);
      await waitForVolume(cinder, volume_id, "available");
      return [holders.map(({ server_id, status }) => [server_id === id, status]), degraded.length];
    },
    [
      ["3.27", [[[true, "attached"]], 0]],
      ["3.26", [[[true, "attached"]], 1]],
    ],
  ],
  [
    "read_volume.encryption_key",
    async (cinder, { site, admin }) => {
      const volume_id = await freshVolume(site.cinder, await encryptedType(admin));
      const plain = await getEncryptionKeyId(cinder, await site.volume());
      return [/^[0-9a-f-]{36}$/.test((await getEncryptionKeyId(cinder, volume_id)) ?? ""), plain];
    },
    [
      ["3.64", [true, undefined]],
      ["3.63", [true, undefined]],
    ],
  ],
  [
    "create_group.volumes",
    async (cinder, { site }) =>
      await outcomeOf(
        inGroup(cinder, await site.volume(), async () => (await listGroupTypes(cinder)).length),
      ),
    [
      ["3.13", 1],
      ["3.12", "NotOffered"],
    ],
  ],
  [
    "snapshot_group.volumes",
    async (cinder, { site }) => {
      const volume_id = await site.volume();
      const snapshot = async (group_id: string) => {
        const { id } = await createGroupSnapshot(cinder, { group_id, name: "together" });
        const { status } = await waitForGroupSnapshot(cinder, id);
        const query = { volume_id, name: "together" };
        const snapshots = await collect(listSnapshots(cinder, { query }));
        await deleteGroupSnapshot(cinder, id);
        await waitForGroupSnapshotGone(cinder, id);
        return [status, snapshots.length];
      };
      return await inGroup(cinder, volume_id, (id) => outcomeOf(snapshot(id)));
    },
    [
      ["3.14", ["available", 1]],
      ["3.13", "NotOffered"],
    ],
  ],
  [
    "transfer_volume.snapshots",
    async (cinder, { site, admin }) => {
      const volume_id = await freshVolume(site.cinder);
      const snapshot = await createSnapshot(cinder, { volume_id, name: "with-it" });
      await waitForSnapshot(cinder, snapshot.id, "available");
      const taken_back = await offerVolume(cinder, { volume_id, name: "not yet" });
      await withdrawVolume(cinder, taken_back.id);
      const { id, auth_key, degraded } = await offerVolume(cinder, { volume_id, name: "hand-over" });
      await acceptVolume({ ...admin.cinder, versions: cinder.versions }, id, auth_key);
      const left = await collect(listSnapshots(site.cinder, { query: { volume_id } }));
      return [await outcomeOf(getVolume(site.cinder, volume_id)), left.length, degraded.length];
    },
    [
      ["3.55", [404, 0, 0]],
      ["3.54", [404, 1, 1]],
    ],
  ],
  [
    "transfer_volume.encrypted",
    async (cinder, { site, admin }) => {
      const volume_id = await freshVolume(site.cinder, await encryptedType(admin));
      const offered = offerVolume(cinder, { volume_id, name: "secret", encrypted: true });
      return await outcomeOf(offered.then(({ degraded }) => degraded.length));
    },
    [
      ["3.70", 0],
      ["3.69", "NotOffered"],
    ],
  ],
];

async function freshVolume(cinder: ServiceClient, volume_type?: string): Promise<string> {
  const { id } = await createVolume(cinder, { name: "fresh", size: 1, volume_type });
  await waitForVolume(cinder, id, "available");
  return id;
}

async function encryptedType({ cinder }: Admin): Promise<string> {
  const body = { volume_type: { name: "encrypted" } };
  const { id } = await cinder.post<{ id: string }>("/types", { body, unwrap: "volume_type" });
  const encryption = { provider: "luks", cipher: "aes-xts-plain64", key_size: 256 };
  await cinder.post(`/types/${id}/encryption`, { body: { encryption } });
  return id;
}

/** Puts the volume into a group for as long as `use` takes. */
async function inGroup<T>(
  cinder: ServiceClient,
  volume_id: string,
  use: (group_id: string) => Promise<T>,
): Promise<T> {
  const { volume_type } = await getVolume(cinder, volume_id);
  const wish = { name: "together", group_type: "consistent", volume_types: [volume_type ?? ""] };
  const { id } = await createGroup(cinder, wish);
  await waitForGroup(cinder, id);
  await addToGroup(cinder, id, [volume_id]);
  await waitForGroup(cinder, id);
  const used = await use(id);
  await removeFromGroup(cinder, id, [volume_id]);
  await waitForGroup(cinder, id);
  await deleteGroup(cinder, id);
  return used;
}
