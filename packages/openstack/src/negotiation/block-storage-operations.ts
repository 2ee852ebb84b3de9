import type { Operation } from "./operation.ts";

/** What is wanted of Cinder and of which microversion. The numbers are from its `rest_api_version_history.rst`. */
export const BLOCK_STORAGE_OPERATIONS = {
  "create_snapshot.in_use": {
    service: "block-storage",
    does: "snapshot a volume that is in use",
    ways: {
      plain: { since: "3.66", how: "As any other volume." },
      // The same crash-consistent point: 3.66 only made the wish implicit.
      forced: { how: "With `force: true`." },
    },
  },
  "create_volume.server_image": {
    service: "block-storage",
    does: "make a volume of the image of a volume-backed server, which holds no bytes",
    ways: {
      image: { since: "3.46", how: "`imageRef`: Cinder finds the snapshot that the image names." },
      snapshot: { how: "`snapshot_id`, read from the image's `block_device_mapping`." },
    },
  },
  "extend_volume.in_use": {
    service: "block-storage",
    does: "grow a volume that is in use",
    ways: {
      attached: { since: "3.42", how: "`os-extend` of any volume." },
      detached: {
        how: "`os-extend`, which this site takes for detached volumes only.",
        lost: "A volume in use has to be detached first: the site refuses otherwise.",
      },
    },
  },
} as const satisfies Record<string, Operation>;
