import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { isStatus, unlessMissing } from "../../src/errors/openstack-error.ts";
import { downloadImageData, uploadImageData } from "../../src/image/image-data.ts";
import {
  addImageTag,
  createImage,
  deleteImage,
  deleteImageTag,
  getImage,
  listImages,
  type NewImage,
  updateImage,
  waitForImage,
} from "../../src/image/images.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { Clause } from "./clause.ts";

const BYTES = Buffer.alloc(1024 * 1024, "uniview");
const OFFSET_BYTES = 500_000;

export const IMAGE_CLAUSES: readonly Clause[] = [
  {
    service: "image",
    says: "Bytes come back as they went, whole and from a position on",
    async try({ glance, prefix, later }) {
      const wish: NewImage = {
        id: randomUUID(),
        name: `${prefix}-bytes`,
        disk_format: "raw",
        container_format: "bare",
      };
      const { id } = await createImage(glance, wish);
      later(() => unlessMissing(deleteImage(glance, id)));
      await assert.rejects(createImage(glance, wish), (error) => isStatus(error, 409));
      await uploadImageData(glance, id, Readable.from([BYTES]), { size_bytes: BYTES.length });
      const image = await waitForImage(glance, id);
      assert.equal(image.size, BYTES.length);
      if (image.os_hash_algo === "sha512")
        assert.equal(image.os_hash_value, createHash("sha512").update(BYTES).digest("hex"));
      for (const wanted of [0, OFFSET_BYTES]) {
        const { body, offset_bytes } = await downloadImageData(glance, id, { offset_bytes: wanted });
        assert.ok(Buffer.concat(await body.toArray()).equals(BYTES.subarray(offset_bytes)));
      }
      await deleteImage(glance, id);
      assert.equal(await unlessMissing(getImage(glance, id)), undefined);
      return [];
    },
  },
  {
    service: "image",
    says: "An image's properties and tags are changed, and it is listed by its tag",
    async try({ glance, prefix, later }) {
      const name = `${prefix}-properties`;
      const { id } = await createImage(glance, { name, disk_format: "raw", container_format: "bare" });
      later(() => unlessMissing(deleteImage(glance, id)));
      await updateImage(glance, id, { hw_disk_bus: "scsi" });
      await addImageTag(glance, id, prefix);
      const listed = await collect(listImages(glance, { query: { tag: prefix }, page_size: 1 }));
      assert.deepEqual(
        listed.map((image) => [image.id, image["hw_disk_bus"]]),
        [[id, "scsi"]],
      );
      await deleteImageTag(glance, id, prefix);
      assert.deepEqual((await getImage(glance, id)).tags, []);
      await deleteImage(glance, id);
      return [];
    },
  },
];
