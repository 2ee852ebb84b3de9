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
  "revert_volume.snapshot": {
    service: "block-storage",
    does: "set a volume back to its latest snapshot",
    ways: { revert: { since: "3.40", how: "`revert` of a detached volume." } },
  },
  "reimage_volume.image": {
    service: "block-storage",
    does: "write an image to a volume that is there",
    ways: { reimage: { since: "3.68", how: "`os-reimage` of a detached volume." } },
  },
  "read_volume.attachments": {
    service: "block-storage",
    does: "read who holds a volume",
    ways: {
      listed: { since: "3.27", how: "`GET /attachments/detail`." },
      inside: {
        how: "`attachments` of the volume.",
        lost: "Who has reserved a volume without having attached it yet is not shown.",
      },
    },
  },
  "read_volume.encryption_key": {
    service: "block-storage",
    does: "read the id of the key that a volume is encrypted with",
    ways: {
      inside: { since: "3.64", how: "With the volume." },
      metadata: { how: "`GET /volumes/{id}/encryption`." },
    },
  },
  "create_backup.metadata": {
    service: "block-storage",
    does: "mark a backup by metadata",
    ways: {
      field: { since: "3.43", how: "`metadata`." },
      none: { how: "Left out.", lost: "The backup is marked by its name and description only." },
    },
  },
  "create_backup.availability_zone": {
    service: "block-storage",
    does: "choose the zone that a backup is kept in",
    ways: {
      field: { since: "3.51", how: "`availability_zone`." },
      none: { how: "Left out.", lost: "The site chooses the zone that the backup is kept in." },
    },
  },
  "create_volume.backup": {
    service: "block-storage",
    does: "make a volume of a backup",
    ways: {
      field: { since: "3.47", how: "`backup_id` of a new volume." },
      restored: {
        how: "`POST /backups/{id}/restore`, which makes the volume.",
        lost: "The volume is of the backup's size and of the site's default type.",
      },
    },
  },
  "create_group.volumes": {
    service: "block-storage",
    does: "put volumes into a group",
    ways: { group: { since: "3.13", how: "`POST /groups`." } },
  },
  "snapshot_group.volumes": {
    service: "block-storage",
    does: "snapshot all volumes of a group at one moment",
    ways: { snapshot: { since: "3.14", how: "`POST /group_snapshots`." } },
  },
  "transfer_volume.snapshots": {
    service: "block-storage",
    does: "hand a volume with its snapshots over to another project",
    ways: {
      together: { since: "3.55", how: "`POST /volume-transfers`." },
      alone: {
        how: "`POST /os-volume-transfer`.",
        lost: "Snapshots of the volume stay with the project that gives it away.",
      },
    },
  },
  "transfer_volume.encrypted": {
    service: "block-storage",
    does: "hand an encrypted volume over to another project",
    ways: { allowed: { since: "3.70", how: "`POST /volume-transfers`, as any other volume." } },
  },
} as const satisfies Record<string, Operation>;
