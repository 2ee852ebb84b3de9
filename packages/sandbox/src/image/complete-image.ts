import { imageDigests } from "../disks/digest.ts";
import type { Site } from "../site.ts";
import type { Image } from "./state.ts";

/** Turns an image whose bytes are in place active; an image that was deleted meanwhile leaves none. */
export async function completeImage(site: Site, image: Image): Promise<void> {
  const path = site.disks.image(image.id);
  const { md5, sha512 } = await imageDigests(path);
  if (!site.state.images.has(image.id)) {
    await site.disks.remove(path);
    return;
  }
  Object.assign(image, {
    status: "active",
    size: await site.disks.sizeOf(path),
    virtual_size: await site.disks.virtualSize(path, image.disk_format),
    checksum: md5,
    os_hash_algo: "sha512",
    os_hash_value: sha512,
    updated_at: site.now(),
  });
}

/** Nova and Cinder delete an image whose data they could not write. */
export async function failImage(site: Site, image: Image): Promise<void> {
  site.state.images.delete(image.id);
  await site.disks.remove(site.disks.image(image.id));
}
