import { collect, type ServiceClient, unlessMissing } from "@uniview/openstack";
import {
  deleteSnapshot,
  listSnapshots,
  type Snapshot,
  waitForSnapshotGone,
} from "@uniview/openstack/block-storage/snapshots";
import {
  deleteVolume,
  findVolumesByMetadata,
  waitForVolumeGone,
} from "@uniview/openstack/block-storage/volumes";
import { deleteImage, type Image, listImages } from "@uniview/openstack/image/images";
import { MARK } from "./step.ts";

/** Finding and removing what carries a mark: removing finds out anew each time, so it can run twice. */

/** By name, and by the tag that takes the name's place in the end. */
export async function findImages(glance: ServiceClient, mark: string): Promise<Image[]> {
  const [named, tagged] = await Promise.all([
    collect(listImages(glance, { query: { name: mark } })),
    collect(listImages(glance, { query: { tag: mark } })),
  ]);
  return [...named.filter(({ name }) => name === mark), ...tagged];
}

/** The image with this mark that can still become, or is, active. */
export async function findImage(glance: ServiceClient, mark: string): Promise<Image | undefined> {
  const found = await findImages(glance, mark);
  return (
    found.find(({ status }) => status === "active") ??
    found.find(({ status }) => status === "queued" || status === "saving")
  );
}

export async function removeImages(glance: ServiceClient, mark: string): Promise<void> {
  for (const { id } of await findImages(glance, mark)) {
    await unlessMissing(deleteImage(glance, id));
  }
}

export async function removeVolumes(cinder: ServiceClient, mark: string): Promise<void> {
  for (const { id } of await findVolumesByMetadata(cinder, MARK, mark)) {
    await unlessMissing(deleteVolume(cinder, id));
    await waitForVolumeGone(cinder, id);
  }
}

/** By the name too: metadata of a snapshot that is being made may not show yet. */
export async function findSnapshots(cinder: ServiceClient, mark: string): Promise<Snapshot[]> {
  const named = await collect(listSnapshots(cinder, { query: { name: mark } }));
  return named.filter(({ name }) => name === mark);
}

export async function removeSnapshots(cinder: ServiceClient, mark: string): Promise<void> {
  for (const { id } of await findSnapshots(cinder, mark)) {
    await unlessMissing(deleteSnapshot(cinder, id));
    await waitForSnapshotGone(cinder, id);
  }
}
