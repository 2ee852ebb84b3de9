import { join } from "node:path";
import { completeImage } from "../image/complete-image.ts";
import { blankImage } from "../image/create-image.ts";
import type { Image } from "../image/state.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { writeDisk } from "./disk-content.ts";
import type { Owners } from "./identity.ts";

const MIB = 2 ** 20;

const IMAGES = [
  {
    name: "debian-12",
    disk_format: "qcow2",
    disk_mib: 64,
    data_mib: 24,
    os_distro: "debian",
    os_version: "12",
  },
  {
    name: "cirros-0.6",
    disk_format: "raw",
    disk_mib: 32,
    data_mib: 6,
    os_distro: "cirros",
    os_version: "0.6.2",
  },
] as const;

/** Public images of the operator, with bytes of their own on every site. */
export async function seedImages(site: Site, owners: Owners): Promise<Image[]> {
  const images: Image[] = [];
  for (const { name, disk_format, disk_mib, data_mib, os_distro, os_version } of IMAGES) {
    const image = put(site.state.images, {
      ...blankImage(site, owners.admin.project.id),
      name,
      visibility: "public",
      disk_format,
      container_format: "bare",
      min_disk: 1,
      min_ram: 64,
      properties: { os_type: "linux", os_distro, os_version, hw_rng_model: "virtio" },
    });
    const raw = join(site.disks.dir, "images", `${image.id}.seed`);
    await writeDisk(raw, disk_mib * MIB, data_mib * MIB, `${site.name} ${name}`);
    await site.disks.encode(raw, disk_format, site.disks.image(image.id));
    await site.disks.remove(raw);
    await completeImage(site, image);
    images.push(image);
  }
  return images;
}
