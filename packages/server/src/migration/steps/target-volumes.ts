import { setBootable } from "@uniview/openstack/block-storage/volume-actions";
import { createVolume, findVolumesByMetadata, waitForVolume } from "@uniview/openstack/block-storage/volumes";
import type { DiskOrder, MigrationOrders } from "../orders.ts";
import { removeVolumes } from "./leftovers.ts";
import { adding, known, MARK, type MigrationStep, markOf } from "./step.ts";

/** The target's block storage reads and converts the whole image. */
const CREATE_TIMEOUT_MS = 24 * 3_600_000;

/** The volume on the target that a volume of the source becomes. */
export function createTargetVolume({ target }: MigrationOrders, disk: DiskOrder): MigrationStep {
  return {
    name: `volume-disk-${disk.index}`,
    side: "target",
    title: `Make volume ${disk.label} of the image at ${target.site}`,
    async do(hands, state, context) {
      const cinder = await hands.at("target", "block-storage");
      const mark = markOf(context);
      const { target_image_id } = known(state.moved?.[disk.index], "image at the target");
      const [found] = await findVolumesByMetadata(cinder, MARK, mark);
      const made =
        found ??
        (await createVolume(cinder, {
          name: disk.name,
          description: disk.description,
          size: disk.size_gb,
          imageRef: target_image_id,
          metadata: { ...disk.metadata, [MARK]: mark },
          ...(disk.target_volume_type ? { volume_type: disk.target_volume_type } : {}),
        }));
      const volume = await waitForVolume(cinder, made.id, "available", {
        timeout_ms: CREATE_TIMEOUT_MS,
        signal: context.signal,
      });
      // Made of an image, a volume is bootable; a data volume was not.
      if ((volume.bootable === "true") !== disk.bootable) await setBootable(cinder, made.id, disk.bootable);
      return { ...state, volume_ids: adding(state.volume_ids, disk.index, made.id) };
    },
    async undo(hands, context) {
      await removeVolumes(await hands.at("target", "block-storage"), markOf(context));
    },
  };
}
