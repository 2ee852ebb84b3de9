import {
  createSnapshot,
  deleteSnapshot,
  waitForSnapshot,
  waitForSnapshotGone,
} from "../../src/block-storage/snapshots.ts";
import { extendVolume } from "../../src/block-storage/volume-actions.ts";
import { createVolume, getVolume, waitForVolume } from "../../src/block-storage/volumes.ts";
import { createServer } from "../../src/compute/create-server.ts";
import { createServerImage } from "../../src/compute/server-actions.ts";
import { waitForServer } from "../../src/compute/servers.ts";
import { attachVolume, detachVolume } from "../../src/compute/volume-attachments.ts";
import { waitForImage } from "../../src/image/images.ts";
import { snapshotOfImage } from "../../src/image/snapshot-of-image.ts";
import { BLANK, type Case } from "./sides.ts";

/** What block storage does on both sides of each boundary. */
export const STORAGE_SIDES: readonly Case[] = [
  [
    "create_snapshot.in_use",
    async (cinder, { site }) => {
      const [{ id }, volume_id] = [await site.server(), await site.volume()];
      await attachVolume(site.nova, id, { volume_id });
      await waitForVolume(cinder, volume_id, "in-use");
      const snapshot = await createSnapshot(cinder, { volume_id, name: "sides" });
      const { status } = await waitForSnapshot(cinder, snapshot.id, "available");
      await deleteSnapshot(cinder, snapshot.id);
      await waitForSnapshotGone(cinder, snapshot.id);
      await detachVolume(site.nova, id, volume_id);
      await waitForVolume(cinder, volume_id, "available");
      return status;
    },
    [
      ["3.66", "available"],
      ["3.65", "available"],
    ],
  ],
  [
    "extend_volume.in_use",
    async (cinder, { site }) => {
      const [{ id }, volume_id] = [await site.server(), await site.volume()];
      const size = (await getVolume(cinder, volume_id)).size + 1;
      await attachVolume(site.nova, id, { volume_id });
      await waitForVolume(cinder, volume_id, "in-use");
      const grown = await extendVolume(cinder, volume_id, size).then(
        (notes) => notes.length,
        (error: { status: number }) => error.status,
      );
      await waitForVolume(cinder, volume_id, "in-use");
      await detachVolume(site.nova, id, volume_id);
      await waitForVolume(cinder, volume_id, "available");
      return grown;
    },
    [
      ["3.42", 0],
      ["3.41", 400],
    ],
  ],
  [
    "create_volume.server_image",
    async (cinder, { site }) => {
      const { id } = await createServer(site.nova, {
        name: "from-volume",
        flavorRef: site.flavor_id,
        networks: "none",
        block_device_mapping_v2: [{ ...BLANK, source_type: "image", uuid: site.image.id, boot_index: 0 }],
      });
      await waitForServer(site.nova, id, "ACTIVE");
      const point = await waitForImage(
        site.glance,
        await createServerImage(site.nova, id, { name: "point" }),
      );
      const image_snapshot_id = snapshotOfImage(point) ?? "";
      await waitForSnapshot(site.cinder, image_snapshot_id, "available");
      const made = await createVolume(cinder, {
        name: "again",
        size: 1,
        imageRef: point.id,
        image_snapshot_id,
      });
      const { status } = await waitForVolume(cinder, made.id, "available");
      return status;
    },
    [
      ["3.46", "available"],
      ["3.45", "available"],
    ],
  ],
];
