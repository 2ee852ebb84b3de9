import { waitForVolume } from "../../src/block-storage/volumes.ts";
import { listFlavors } from "../../src/compute/flavors.ts";
import { listServerInterfaces } from "../../src/compute/interfaces.ts";
import { getKeypair, listKeypairs } from "../../src/compute/keypairs.ts";
import { getServerImageProperties } from "../../src/compute/server-image-properties.ts";
import { getServer, getServerFlavorId } from "../../src/compute/servers.ts";
import { attachVolume, detachVolume, listVolumeAttachments } from "../../src/compute/volume-attachments.ts";
import { deleteImageProperty, updateImage } from "../../src/image/images.ts";
import type { Case } from "./sides.ts";

/** What is read on both sides of each boundary. */
export const READING_SIDES: readonly Case[] = [
  [
    "read_server.details",
    async (nova, { site }) => {
      const { tags, locked_reason, flavor, ...server } = await getServer(nova, (await site.server()).id);
      return [
        server["OS-EXT-SRV-ATTR:hostname"] !== undefined,
        locked_reason !== undefined,
        flavor.vcpus !== undefined,
        tags !== undefined,
      ];
    },
    [
      ["2.90", [true, true, true, true]],
      ["2.89", [false, true, true, true]],
      ["2.73", [false, true, true, true]],
      ["2.72", [false, false, true, true]],
      ["2.47", [false, false, true, true]],
      ["2.46", [false, false, false, true]],
      ["2.26", [false, false, false, true]],
      ["2.25", [false, false, false, false]],
    ],
  ],
  [
    "read_server.flavor_id",
    async (nova, { site }) => (await getServerFlavorId(nova, (await site.server()).id)) === site.flavor_id,
    [
      ["2.46", true],
      ["2.47", true],
    ],
  ],
  [
    "read_flavor.extra_specs",
    async (nova) => {
      for await (const [flavor] of listFlavors(nova, { page_size: 1 }))
        return [flavor?.extra_specs !== undefined, flavor?.description !== undefined];
      return [];
    },
    [
      ["2.61", [true, true]],
      ["2.60", [false, true]],
      ["2.55", [false, true]],
      ["2.54", [false, false]],
    ],
  ],
  [
    "list_keypairs.pages",
    async (nova) => {
      const pages: number[] = [];
      for await (const page of listKeypairs(nova, { page_size: 1 })) pages.push(page.length);
      return pages.filter((rows) => rows > 0);
    },
    [
      ["2.35", [1, 1]],
      ["2.34", [2]],
    ],
  ],
  [
    "read_keypair.type",
    async (nova) => (await getKeypair(nova, "sides-a")).type,
    [
      ["2.2", "ssh"],
      ["2.1", undefined],
    ],
  ],
  [
    "read_attachment.details",
    async (nova, { site }) => {
      const [{ id }, volume_id] = [await site.server(), await site.volume()];
      await attachVolume(site.nova, id, { volume_id });
      await waitForVolume(site.cinder, volume_id, "in-use");
      const [there] = await listVolumeAttachments(nova, id);
      await detachVolume(nova, id, volume_id);
      await waitForVolume(site.cinder, volume_id, "available");
      return [there?.attachment_id !== undefined, there?.delete_on_termination, there?.tag];
    },
    [
      ["2.89", [true, false, null]],
      ["2.88", [false, false, null]],
      ["2.79", [false, false, null]],
      ["2.78", [false, undefined, null]],
      ["2.70", [false, undefined, null]],
      ["2.69", [false, undefined, undefined]],
    ],
  ],
  [
    "read_server.image_properties",
    async (nova, { site, admin }) => {
      const { id } = await site.server();
      await updateImage(admin.glance, site.image.id, { hw_disk_bus: "scsi" });
      const { properties, degraded } = await getServerImageProperties(nova, site.glance, id);
      await deleteImageProperty(admin.glance, site.image.id, "hw_disk_bus");
      // The server was made before its image got the property.
      return [properties?.["hw_disk_bus"], degraded.length];
    },
    [
      ["2.98", [undefined, 0]],
      ["2.97", ["scsi", 1]],
    ],
  ],
  [
    "read_interface.tag",
    async (nova, { site }) => (await listServerInterfaces(nova, (await site.server()).id))[0]?.tag,
    [
      ["2.70", "front"],
      ["2.69", undefined],
    ],
  ],
];
