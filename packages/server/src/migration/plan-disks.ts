import type { PlannedDisk } from "@uniview/api";
import type { VolumeTypeMapping } from "./mappings/volume-types.ts";
import type { DiskOrder } from "./orders.ts";
import type { AttachedVolume, SourceFacts } from "./source-facts.ts";

export const GIB = 1024 ** 3;

/** Properties that tell Nova how to present the disk to the guest; everything else is the image service's own business. */
const GUEST_PROPERTY =
  /^(hw_|img_(?!signature)|os_(?!glance|hash|hidden)|architecture$|vm_mode$|hypervisor_type$)/;

export interface DiskPlan {
  readonly shown: PlannedDisk;
  readonly order: DiskOrder;
}

/** The server's disks, the one it boots from first: each becomes on the target what it was on the source. */
export function planDisks(source: SourceFacts, types: readonly VolumeTypeMapping[]): DiskPlan[] {
  const root = source.boots_from_volume ? [] : [rootDisk(source)];
  return [
    ...root,
    ...source.volumes.map((row, place) => volumeDisk(row, root.length + place, source, types)),
  ];
}

function rootDisk({ server, image, flavor }: SourceFacts): DiskPlan {
  const name = `${server.name ?? server.id} (root disk)`;
  return {
    shown: {
      kind: "image",
      source_id: null,
      name,
      boot_index: 0,
      size_bytes: Math.max(flavor.disk_gb, image?.min_disk ?? 0) * GIB,
      volume_type: null,
      target_volume_type: null,
      mechanism: "image",
      why: "The root disk is local to the server: an image of it travels, and the copy boots from that image.",
    },
    order: {
      index: 0,
      kind: "image",
      source_volume_id: null,
      name,
      label: name,
      description: "",
      size_gb: flavor.disk_gb,
      boots: true,
      bootable: true,
      target_volume_type: null,
      disk_format: "raw",
      delete_on_termination: true,
      metadata: {},
      image_properties: guestProperties(image ?? {}),
    },
  };
}

function volumeDisk(
  { volume, attachment }: AttachedVolume,
  index: number,
  source: SourceFacts,
  types: readonly VolumeTypeMapping[],
): DiskPlan {
  const type = types.find((row) => row.source === volume.volume_type)?.target ?? null;
  const boots = source.boots_from_volume && index === 0;
  const name = volume.name ?? "";
  const which = boots ? "boot volume" : attachment.device || volume.id;
  const label = name || `${source.server.name ?? source.server.id} (${which})`;
  return {
    shown: {
      kind: "volume",
      source_id: volume.id,
      name: label,
      boot_index: boots ? 0 : null,
      size_bytes: volume.size * GIB,
      volume_type: volume.volume_type,
      target_volume_type: type?.name ?? null,
      mechanism: "image",
      why: "A snapshot of the volume becomes an image, which travels and becomes a volume again: works with the role member at any site.",
    },
    order: {
      index,
      kind: "volume",
      source_volume_id: volume.id,
      name,
      label,
      description: volume.description ?? "",
      size_gb: volume.size,
      boots,
      bootable: volume.bootable === "true",
      target_volume_type: type?.name ?? null,
      disk_format: "qcow2",
      delete_on_termination: attachment.delete_on_termination ?? false,
      metadata: volume.metadata,
      image_properties: guestProperties(volume.volume_image_metadata ?? {}),
    },
  };
}

/** What of an image's properties the copy needs in order to boot as the source did. */
export function guestProperties(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = Object.entries(properties).filter(
    (row): row is [string, string] => GUEST_PROPERTY.test(row[0]) && typeof row[1] === "string",
  );
  return Object.fromEntries(kept);
}
