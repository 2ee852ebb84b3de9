import { waitForVolume } from "../../src/block-storage/volumes.ts";
import { attachInterface, detachInterface, listServerInterfaces } from "../../src/compute/interfaces.ts";
import { createServerImage, lockServer, unlockServer } from "../../src/compute/server-actions.ts";
import { addServerTag, deleteServerTag } from "../../src/compute/server-metadata.ts";
import { getServer, waitForServer } from "../../src/compute/servers.ts";
import {
  attachVolume,
  detachVolume,
  getVolumeAttachment,
  setDeleteOnTermination,
} from "../../src/compute/volume-attachments.ts";
import { waitForImage } from "../../src/image/images.ts";
import { type Case, outcomeOf } from "./sides.ts";

/** What becomes of a server that is there, on both sides of each boundary. */
export const ATTACHING_SIDES: readonly Case[] = [
  [
    "lock_server.reason",
    async (nova, { site }) => {
      const { id } = await site.server();
      const notes = await lockServer(nova, id, "moving");
      const { locked, locked_reason } = await getServer(site.nova, id);
      await unlockServer(nova, id);
      return [locked, locked_reason, notes.length];
    },
    [
      ["2.73", [true, "moving", 0]],
      ["2.72", [true, null, 1]],
    ],
  ],
  [
    "tag_server.add",
    async (nova, { site }) => {
      const { id } = await site.server();
      const notes = await addServerTag(nova, id, "later");
      const { tags = [] } = await getServer(site.nova, id);
      await deleteServerTag(nova, id, "later");
      return [tags.includes("later"), notes.length];
    },
    [
      ["2.26", [true, 0]],
      ["2.25", [false, 1]],
    ],
  ],
  [
    "create_server_image.id",
    async (nova, { site }) => {
      const { id } = await site.server();
      const made = await waitForImage(site.glance, await createServerImage(nova, id, { name: "sides" }));
      await waitForServer(site.nova, id, "ACTIVE");
      return made.name;
    },
    [
      ["2.45", "sides"],
      ["2.44", "sides"],
    ],
  ],
  [
    "attach_volume.plain",
    async (nova, { site, attach }) => (await attach(nova, {})).attachment.volumeId === (await site.volume()),
    [
      ["2.100", true],
      ["2.101", true],
    ],
  ],
  [
    "attach_volume.delete_on_termination",
    async (nova, { attach }) => {
      const { there, lost } = await attach(nova, { delete_on_termination: true });
      return [there?.delete_on_termination, lost.length];
    },
    [
      ["2.79", [true, 0]],
      ["2.78", [false, 1]],
    ],
  ],
  [
    "attach_volume.multiattach",
    async (nova, { site }) => {
      const { id } = await site.server();
      const volume = await site.cinder.post<{ id: string }>("/volumes", {
        body: { volume: { name: "many", size: 1, multiattach: true } },
        unwrap: "volume",
      });
      await waitForVolume(site.cinder, volume.id, "available");
      const wish = { volume_id: volume.id, multiattach: true };
      const attached = await outcomeOf(attachVolume(nova, id, wish).then(({ degraded }) => degraded.length));
      if (attached !== 0) return attached;
      await waitForVolume(site.cinder, volume.id, "in-use");
      await detachVolume(nova, id, volume.id);
      await waitForVolume(site.cinder, volume.id, "available");
      return attached;
    },
    [
      ["2.60", 0],
      ["2.59", "NotOffered"],
    ],
  ],
  [
    "update_attachment.delete_on_termination",
    async (nova, { site }) => {
      const [{ id }, volume_id] = [await site.server(), await site.volume()];
      await attachVolume(site.nova, id, { volume_id, delete_on_termination: true });
      await waitForVolume(site.cinder, volume_id, "in-use");
      const notes = await setDeleteOnTermination(nova, id, volume_id, false);
      const { delete_on_termination } = await getVolumeAttachment(site.nova, id, volume_id);
      await detachVolume(nova, id, volume_id);
      await waitForVolume(site.cinder, volume_id, "available");
      return [delete_on_termination, notes.length];
    },
    [
      ["2.85", [false, 0]],
      ["2.84", [true, 1]],
    ],
  ],
  [
    "attach_interface.tag",
    async (nova, { site }) => {
      const { id } = await site.server();
      const wish = { net_id: site.network.id, tag: "back" };
      const { attachment, degraded } = await attachInterface(nova, id, wish);
      const all = await listServerInterfaces(site.nova, id);
      const there = all.find(({ port_id }) => port_id === attachment.port_id);
      await detachInterface(nova, id, attachment.port_id);
      return [there?.tag, degraded.length];
    },
    [
      ["2.49", ["back", 0]],
      ["2.48", [null, 1]],
    ],
  ],
  [
    "attach_volume.tag",
    async (nova, { attach }) => {
      const { there, lost } = await attach(nova, { tag: "data" });
      return [there?.tag, lost.length];
    },
    [
      ["2.49", ["data", 0]],
      ["2.48", [null, 1]],
    ],
  ],
];
