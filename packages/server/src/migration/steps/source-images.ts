import { isStatus } from "@uniview/openstack";
import { createSnapshot, waitForSnapshot } from "@uniview/openstack/block-storage/snapshots";
import { uploadVolumeToImage } from "@uniview/openstack/block-storage/volume-actions";
import { createVolume, findVolumesByMetadata, waitForVolume } from "@uniview/openstack/block-storage/volumes";
import { createServerImage } from "@uniview/openstack/compute/server-actions";
import { waitForImage } from "@uniview/openstack/image/images";
import type { DiskOrder, MigrationOrders } from "../orders.ts";
import { findImage, findSnapshots, removeImages, removeSnapshots, removeVolumes } from "./leftovers.ts";
import { adding, known, MARK, type MigrationStep, markOf, markOfStep } from "./step.ts";

/** An image of a large disk is read, converted and written by the site at its own pace. */
const COPY_TIMEOUT_MS = 24 * 3_600_000;

/** The root disk of a server that does not boot from a volume, as an image. */
export function imageRootDisk({ source }: MigrationOrders, disk: DiskOrder): MigrationStep {
  return {
    name: `image-disk-${disk.index}`,
    side: "source",
    title: `Make an image of the root disk at ${source.site}`,
    async do(hands, state, context) {
      const [nova, glance] = [await hands.at("source", "compute"), await hands.at("source", "image")];
      const mark = markOf(context);
      const made = (await findImage(glance, mark)) ?? {
        id: await createServerImage(nova, source.server_id, { name: mark, metadata: { [MARK]: mark } }),
      };
      await waitForImage(glance, made.id, { timeout_ms: COPY_TIMEOUT_MS, signal: context.signal });
      return { ...state, image_ids: adding(state.image_ids, disk.index, made.id) };
    },
    async undo(hands, context) {
      await removeImages(await hands.at("source", "image"), markOf(context));
    },
  };
}

/** A snapshot of an attached volume: the point in time that travels. */
export function snapshotVolume(
  { source }: MigrationOrders,
  disk: DiskOrder,
  volume_id: string,
): MigrationStep {
  return {
    name: `snapshot-disk-${disk.index}`,
    side: "source",
    title: `Snapshot volume ${disk.label} at ${source.site}`,
    async do(hands, state, context) {
      const cinder = await hands.at("source", "block-storage");
      const mark = markOf(context);
      const [found] = await findSnapshots(cinder, mark);
      const made =
        found ?? (await createSnapshot(cinder, { volume_id, name: mark, metadata: { [MARK]: mark } }));
      await waitForSnapshot(cinder, made.id, "available", { signal: context.signal });
      return { ...state, snapshot_ids: adding(state.snapshot_ids, disk.index, made.id) };
    },
    async undo(hands, context) {
      const cinder = await hands.at("source", "block-storage");
      await removeSnapshots(cinder, markOf(context));
    },
  };
}

/** A volume of the snapshot: sites do not make an image of a volume that is attached. */
export function copyVolume({ source }: MigrationOrders, disk: DiskOrder): MigrationStep {
  return {
    name: `copy-disk-${disk.index}`,
    side: "source",
    title: `Make a volume of the snapshot of ${disk.label} at ${source.site}`,
    async do(hands, state, context) {
      const cinder = await hands.at("source", "block-storage");
      const mark = markOf(context);
      const snapshot_id = known(state.snapshot_ids?.[disk.index], "snapshot");
      const [found] = await findVolumesByMetadata(cinder, MARK, mark);
      const made =
        found ??
        (await createVolume(cinder, {
          name: mark,
          size: disk.size_gb,
          snapshot_id,
          metadata: { [MARK]: mark },
        }));
      await waitForVolume(cinder, made.id, "available", {
        timeout_ms: COPY_TIMEOUT_MS,
        signal: context.signal,
      });
      return { ...state, copy_ids: adding(state.copy_ids, disk.index, made.id) };
    },
    async undo(hands, context) {
      await removeVolumes(await hands.at("source", "block-storage"), markOf(context));
    },
  };
}

/** An image of that volume. */
export function imageVolume({ source }: MigrationOrders, disk: DiskOrder): MigrationStep {
  return {
    name: `image-disk-${disk.index}`,
    side: "source",
    title: `Make an image of ${disk.label} at ${source.site}`,
    async do(hands, state, context) {
      const [cinder, glance] = [await hands.at("source", "block-storage"), await hands.at("source", "image")];
      const mark = markOf(context);
      const copy_id = known(state.copy_ids?.[disk.index], "copy of the volume");
      const found = await findImage(glance, mark);
      const image_id =
        found?.id ??
        (await uploadVolumeToImage(cinder, copy_id, { image_name: mark, disk_format: disk.disk_format }));
      await waitForImage(glance, image_id, { timeout_ms: COPY_TIMEOUT_MS, signal: context.signal });
      await waitForVolume(cinder, copy_id, "available", {
        timeout_ms: COPY_TIMEOUT_MS,
        signal: context.signal,
      });
      return { ...state, image_ids: adding(state.image_ids, disk.index, image_id) };
    },
    async undo(hands, context) {
      const [cinder, glance] = [await hands.at("source", "block-storage"), await hands.at("source", "image")];
      // While it is written the volume cannot be deleted, and deleting the image does not stop the writing.
      const copies = await findVolumesByMetadata(
        cinder,
        MARK,
        markOfStep(context, `copy-disk-${disk.index}`),
      );
      for (const { id, status } of copies) {
        if (status === "uploading")
          await waitForVolume(cinder, id, "available", { timeout_ms: COPY_TIMEOUT_MS }).catch(ignoreGone);
      }
      await removeImages(glance, markOf(context));
    },
  };
}

function ignoreGone(error: unknown): undefined {
  if (isStatus(error, 404) || (error instanceof Error && error.name === "ResourceFailed")) return undefined;
  throw error;
}
