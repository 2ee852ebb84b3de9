import { GIB, READABLE_FORMATS } from "../disks/disk-store.ts";
import { Refusal } from "../http/refusal.ts";
import type { Caller } from "../identity/caller.ts";
import { findImage } from "../image/find-image.ts";
import type { Image } from "../image/state.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { checkVolumeQuota } from "./quotas.ts";
import type { Backup, Snapshot, Volume, VolumeType } from "./state.ts";

export interface VolumeWish {
  name: string | null;
  description?: string | null;
  size?: number | undefined;
  volume_type?: string | undefined;
  image_id?: string | undefined;
  snapshot_id?: string | undefined;
  source_volid?: string | undefined;
  backup?: Backup | undefined;
  metadata?: Record<string, string>;
  multiattach?: boolean;
  availability_zone?: string | undefined;
}

/** Properties of an image that are not its own any more once they are copied to a volume. */
const IMAGE_BASE = ["container_format", "disk_format", "min_disk", "min_ram", "size", "checksum"] as const;

/**
 * Checks a wish and files a volume in state `creating`, which becomes `available` or `error` in the background.
 * @returns the volume, and a promise of the end of its making
 * @throws Refusal 400, 404, 413 in Cinder's words
 */
export function makeVolume(
  site: Site,
  caller: Caller,
  wish: VolumeWish,
): { volume: Volume; made: Promise<void> } {
  const { state } = site;
  const snapshot = wish.snapshot_id === undefined ? undefined : findSnapshot(site, caller, wish.snapshot_id);
  const source = wish.source_volid === undefined ? undefined : findSource(site, caller, wish.source_volid);
  const image = wish.image_id === undefined ? undefined : findVolumeImage(site, caller, wish.image_id);
  const { backup } = wish;
  const size = wish.size ?? snapshot?.size ?? source?.size ?? backup?.size;
  if (size === undefined) {
    throw new Refusal(
      400,
      "The server could not comply with the request since it is either malformed or otherwise incorrect.",
    );
  }
  checkSize(size, image, snapshot, source);
  checkBackup(size, backup);
  const inherited = state.volumes.get(snapshot?.volume_id ?? "") ?? source;
  const type =
    findVolumeType(site, wish.volume_type) ?? state.volume_types.get(inherited?.volume_type_id ?? "");
  const volume_type = type ?? defaultVolumeType(site);
  checkVolumeQuota(site, caller.project_id, { volumes: 1, gigabytes: size });
  const volume = put(state.volumes, {
    id: site.newId(),
    name: wish.name,
    description: wish.description ?? null,
    project_id: caller.project_id,
    user_id: caller.user_id,
    status: "creating",
    size,
    volume_type_id: volume_type.id,
    availability_zone: wish.availability_zone ?? "nova",
    bootable: inherited?.bootable ?? false,
    multiattach: wish.multiattach ?? false,
    // Seen with Zed: a volume that is made of a backup names it.
    metadata: { ...wish.metadata, ...(backup === undefined ? {} : { src_backup_id: backup.id }) },
    image_metadata: image ? imageMetadata(image) : { ...inherited?.image_metadata },
    ...(isEncrypted(volume_type) ? { encryption_key_id: site.newId() } : {}),
    snapshot_id: snapshot?.id ?? null,
    source_volid: source?.id ?? null,
    attachments: [],
    created_at: site.nowNaive(),
    updated_at: null,
  });
  const made = new Promise<void>((resolve) => {
    site.background(async () => {
      await fill(site, volume, { image, snapshot, source, backup }).finally(resolve);
    });
  });
  return { volume, made };
}

async function fill(
  site: Site,
  volume: Volume,
  from: {
    image: Image | undefined;
    snapshot: Snapshot | undefined;
    source: Volume | undefined;
    backup: Backup | undefined;
  },
): Promise<void> {
  const { disks } = site;
  const path = disks.volume(volume.id);
  const { image, snapshot, source, backup } = from;
  try {
    await site.transition();
    if (image !== undefined) {
      if (image.size === 0) throw new Error(`image ${image.id} holds no bytes`);
      volume.status = "downloading";
      await disks.decode(disks.image(image.id), image.disk_format, path, volume.size);
      volume.bootable = true;
    } else if (snapshot !== undefined) {
      await disks.copy(disks.snapshot(snapshot.id), path, volume.size);
    } else if (source !== undefined) {
      const server_id = source.attachments[0]?.server_id;
      await site.guests.whileFrozen(server_id, () => disks.copy(disks.volume(source.id), path, volume.size));
    } else if (backup !== undefined) {
      volume.status = "restoring-backup";
      await disks.copy(disks.backup(backup.id), path, volume.size);
    } else {
      await disks.createBlank(path, volume.size);
    }
    if (volume.status !== "deleting") volume.status = "available";
  } catch {
    // Cinder tells its log and leaves the volume in error; so does this.
    if (volume.status !== "deleting") volume.status = "error";
  }
  volume.updated_at = site.nowNaive();
}

function checkSize(
  size: number,
  image: Image | undefined,
  snapshot: Snapshot | undefined,
  source: Volume | undefined,
): void {
  if (size < 1)
    throw new Refusal(
      400,
      `Invalid input for field/attribute size. Value: ${size}. ${size} is less than the minimum of 1`,
    );
  if (snapshot !== undefined && size < snapshot.size) {
    throw new Refusal(
      400,
      `Invalid input received: Volume size '${size}'GB cannot be smaller than the snapshot size ${snapshot.size}GB. They must be >= original snapshot size.`,
    );
  }
  if (source !== undefined && size < source.size) {
    throw new Refusal(
      400,
      `Invalid input received: Volume size '${size}'GB cannot be smaller than original volume size  ${source.size}GB. They must be >= original volume size.`,
    );
  }
  if (image === undefined) return;
  const image_gib = Math.ceil((image.size ?? 0) / GIB);
  if (image_gib > size) {
    throw new Refusal(
      400,
      `Invalid input received: Size of specified image ${image_gib}GB is larger than volume size ${size}GB.`,
    );
  }
  if (image.min_disk > size) {
    throw new Refusal(
      400,
      `Invalid input received: Volume size ${size}GB cannot be smaller than the image minDisk size ${image.min_disk}GB.`,
    );
  }
}

function checkBackup(size: number, backup: Backup | undefined): void {
  if (backup === undefined) return;
  if (backup.status !== "available")
    throw new Refusal(400, `Invalid backup: Originating backup status must be one of 'available' values`);
  if (size < backup.size) {
    throw new Refusal(
      400,
      `Invalid input received: Volume size '${size}'GB cannot be smaller than the backup size ${backup.size}GB. It must be >= backup size.`,
    );
  }
}

/** A type is encrypted by what an administrator puts beside it. */
function isEncrypted(type: VolumeType | undefined): boolean {
  return type?.encryption !== undefined;
}

/** @throws Refusal 400 */
export function findVolumeImage(site: Site, caller: Caller, id: string): Image {
  let image: Image;
  try {
    image = findImage(site, caller, id);
  } catch {
    throw new Refusal(400, `Invalid image identifier or unable to access requested image.`);
  }
  if (image.status !== "active") {
    throw new Refusal(400, `Invalid input received: Image ${id} is not active.`);
  }
  if (image.disk_format !== null && !READABLE_FORMATS.includes(image.disk_format)) {
    throw new Refusal(
      400,
      `Image ${id} is unacceptable: Image disk format ${image.disk_format} is not acceptable`,
    );
  }
  return image;
}

function findSnapshot(site: Site, caller: Caller, id: string): Snapshot {
  const snapshot = site.state.snapshots.get(id);
  if (snapshot === undefined || (snapshot.project_id !== caller.project_id && !caller.is_admin)) {
    throw new Refusal(404, `Snapshot ${id} could not be found.`);
  }
  if (snapshot.status !== "available") {
    throw new Refusal(400, `Invalid snapshot: Originating snapshot status must be one of 'available' values`);
  }
  return snapshot;
}

function findSource(site: Site, caller: Caller, id: string): Volume {
  const volume = site.state.volumes.get(id);
  if (volume === undefined || (volume.project_id !== caller.project_id && !caller.is_admin)) {
    throw new Refusal(404, `Volume ${id} could not be found.`);
  }
  if (!["available", "in-use"].includes(volume.status)) {
    throw new Refusal(
      400,
      "Invalid volume: Originating volume status must be one of 'available, in-use' values",
    );
  }
  return volume;
}

export function findVolumeType(site: Site, name_or_id: string | undefined): VolumeType | undefined {
  if (name_or_id === undefined) return undefined;
  const types = [...site.state.volume_types.values()];
  const found =
    types.find((type) => type.id === name_or_id) ?? types.find((type) => type.name === name_or_id);
  if (found === undefined) throw new Refusal(404, `Volume type with name ${name_or_id} could not be found.`);
  return found;
}

export function defaultVolumeType(site: Site): VolumeType {
  const [first] = site.state.volume_types.values();
  if (first === undefined) throw new Refusal(404, "Default volume type can not be found.");
  return first;
}

export function imageMetadata(image: Image): Record<string, string> {
  const base = IMAGE_BASE.map((key) => [key, String(image[key] ?? "")] as const);
  return {
    ...image.properties,
    image_id: image.id,
    image_name: image.name ?? "",
    ...Object.fromEntries(base),
  };
}
