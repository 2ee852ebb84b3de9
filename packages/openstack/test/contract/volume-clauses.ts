import assert from "node:assert/strict";
import { getBlockStorageLimits } from "../../src/block-storage/limits.ts";
import {
  createSnapshot,
  deleteSnapshot,
  waitForSnapshot,
  waitForSnapshotGone,
} from "../../src/block-storage/snapshots.ts";
import { extendVolume, setBootable, uploadVolumeToImage } from "../../src/block-storage/volume-actions.ts";
import { createVolume, getVolume, listVolumes, waitForVolume } from "../../src/block-storage/volumes.ts";
import { createServer } from "../../src/compute/create-server.ts";
import { createServerImage } from "../../src/compute/server-actions.ts";
import { removeServer, waitForServer } from "../../src/compute/servers.ts";
import { attachVolume, detachVolume, listVolumeAttachments } from "../../src/compute/volume-attachments.ts";
import { unlessMissing } from "../../src/errors/openstack-error.ts";
import { deleteImage, waitForImage } from "../../src/image/images.ts";
import { snapshotOfImage } from "../../src/image/snapshot-of-image.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { Clause } from "./clause.ts";
import { removeVolume } from "./contract-site.ts";

export const VOLUME_CLAUSES: readonly Clause[] = [
  {
    service: "block-storage",
    says: "Volumes are listed page by page, and the project's limits are read",
    async try(site) {
      const id = await site.volume();
      const volumes = await collect(listVolumes(site.cinder, { page_size: 1 }));
      assert.equal(volumes.filter((volume) => volume.id === id).length, 1);
      assert.ok((await getBlockStorageLimits(site.cinder)).totalVolumesUsed >= 1);
      return [];
    },
  },
  {
    service: "compute",
    says: "A volume is attached with a tag and a fate, is snapshot while it is in use, and detached",
    async try(site) {
      const { nova, cinder, prefix } = site;
      const [{ id: server_id }, volume_id] = [await site.server(), await site.volume()];
      const wish = { volume_id, delete_on_termination: false, tag: "data" };
      const { attachment, degraded } = await attachVolume(nova, server_id, wish);
      assert.equal(attachment.volumeId, volume_id);
      await waitForVolume(cinder, volume_id, "in-use");
      const attached = await listVolumeAttachments(nova, server_id);
      assert.deepEqual(
        attached.map((one) => one.volumeId),
        [volume_id],
      );
      const snapshot = await createSnapshot(cinder, { volume_id, name: `${prefix}-in-use` });
      await waitForSnapshot(cinder, snapshot.id, "available");
      await deleteSnapshot(cinder, snapshot.id);
      await waitForSnapshotGone(cinder, snapshot.id);
      await detachVolume(nova, server_id, volume_id);
      await waitForVolume(cinder, volume_id, "available");
      return degraded;
    },
  },
  {
    service: "block-storage",
    says: "A volume that is not in use grows, and is made bootable",
    async try({ cinder, prefix, later }) {
      const { id } = await createVolume(cinder, { name: `${prefix}-grows`, size: 1 });
      later(() => removeVolume(cinder, id));
      await waitForVolume(cinder, id, "available");
      const notes = await extendVolume(cinder, id, 2);
      await waitForVolume(cinder, id, "available");
      await setBootable(cinder, id, true);
      const volume = await getVolume(cinder, id);
      assert.equal(volume.size, 2);
      assert.equal(volume.bootable, "true");
      return notes;
    },
  },
  {
    service: "block-storage",
    says: "A volume becomes an image, as qcow2",
    async try(site) {
      const { cinder, glance, prefix } = site;
      const id = await site.volume();
      const image_id = await uploadVolumeToImage(cinder, id, {
        image_name: `${prefix}-volume`,
        disk_format: "qcow2",
      });
      site.later(() => unlessMissing(deleteImage(glance, image_id)));
      const image = await waitForImage(glance, image_id);
      await waitForVolume(cinder, id, "available");
      assert.ok((image.size ?? 0) > 0);
      await deleteImage(glance, image_id);
      return [];
    },
  },
  {
    service: "block-storage",
    says: "A server that boots from a volume becomes an image of no bytes, and that image becomes a volume",
    async try(site) {
      const { nova, cinder, glance, prefix, later } = site;
      const size = Math.max(1, site.image.min_disk);
      const root = await createVolume(cinder, { name: `${prefix}-root`, size, imageRef: site.image.id });
      later(() => removeVolume(cinder, root.id));
      await waitForVolume(cinder, root.id, "available");
      const { id, degraded } = await createServer(nova, {
        name: `${prefix}-from-volume`,
        flavorRef: site.flavor_id,
        networks: [{ uuid: site.network.id }],
        block_device_mapping_v2: [
          { boot_index: 0, uuid: root.id, source_type: "volume", destination_type: "volume" },
        ],
      });
      later(() => removeServer(nova, id));
      await waitForServer(nova, id, "ACTIVE");
      const image_id = await createServerImage(nova, id, { name: `${prefix}-point` });
      later(() => unlessMissing(deleteImage(glance, image_id)));
      const image = await waitForImage(glance, image_id);
      assert.equal(image.size ?? 0, 0);
      const image_snapshot_id = snapshotOfImage(image);
      assert.ok(image_snapshot_id, "the image does not name its snapshot");
      later(async () => {
        await unlessMissing(deleteSnapshot(cinder, image_snapshot_id));
        await waitForSnapshotGone(cinder, image_snapshot_id);
      });
      await waitForSnapshot(cinder, image_snapshot_id, "available");
      const wish = { name: `${prefix}-again`, size, imageRef: image_id, image_snapshot_id };
      const again = await createVolume(cinder, wish);
      later(() => removeVolume(cinder, again.id));
      assert.equal((await waitForVolume(cinder, again.id, "available")).size, size);
      return degraded;
    },
  },
];
