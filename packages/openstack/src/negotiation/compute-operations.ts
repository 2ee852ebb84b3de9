import type { Operation } from "./operation.ts";

/**
 * What is wanted of Nova and of which microversion. The numbers are from Nova's `rest_api_version_history.rst`; each row
 * is tested on both sides of each of its boundaries in `operations.test.ts`.
 */
export const COMPUTE_OPERATIONS = {
  "read_server.details": {
    service: "compute",
    does: "read a server with its flavor's sizes, tags, lock and guest's hostname",
    ways: {
      hostname: { since: "2.90", how: "Everything at once." },
      lock_reason: {
        since: "2.73",
        how: "All but the hostname.",
        lost: "The guest's hostname is shown to admins only.",
      },
      down_cells: {
        since: "2.69",
        how: "All but hostname and lock reason; servers of a cell that is down are listed.",
        lost: "The guest's hostname and the reason of a lock are not shown.",
      },
      flavor: {
        since: "2.47",
        how: "All but hostname and lock reason.",
        lost: "The guest's hostname and the reason of a lock are not shown; servers of a cell that is down fail the list.",
      },
      tags: {
        since: "2.26",
        how: "The flavor is named by its id, and looked up.",
        lost: "The guest's hostname, the reason of a lock and the sizes of a server whose flavor was deleted are not shown.",
      },
      plain: {
        how: "The flavor is named by its id; there are no tags.",
        lost: "The guest's hostname, tags, locks and the sizes of a server whose flavor was deleted are not shown.",
      },
    },
  },
  "read_server.flavor_id": {
    service: "compute",
    does: "read the id of a server's flavor",
    ways: { plain: { until: "2.46", how: "An old reading, because newer ones hold the sizes instead." } },
  },
  "read_flavor.extra_specs": {
    service: "compute",
    does: "read flavors with description and extra specs",
    ways: {
      inside: { since: "2.61", how: "In the list." },
      described: {
        since: "2.55",
        how: "Extra specs are read flavor by flavor (`getFlavorExtraSpecs`).",
      },
      plain: {
        how: "Extra specs are read flavor by flavor (`getFlavorExtraSpecs`).",
        lost: "Flavors have no description.",
      },
    },
  },
  "read_attachment.details": {
    service: "compute",
    does: "read whether a volume is deleted with its server",
    ways: {
      ids: { since: "2.89", how: "In the attachment, with the id that it has at Cinder." },
      fate: { since: "2.79", how: "In the attachment; its id at Cinder is read with the volume." },
      tag: {
        since: "2.70",
        how: "The attachment has a tag only; what becomes of the volume is read with the server.",
      },
      plain: { how: "Read with the server.", lost: "Device tags are not shown." },
    },
  },
  "read_server.image_properties": {
    service: "compute",
    does: "read the properties of the image that a server was made of",
    ways: {
      inside: { since: "2.98", how: "With the server, as they were when it was made." },
      image: {
        how: "From the image, as they are now.",
        lost: "Properties of an image that was deleted since are not known.",
      },
    },
  },
  "read_interface.tag": {
    service: "compute",
    does: "read the tag of a NIC",
    ways: {
      tag: { since: "2.70", how: "With the interface." },
      plain: { how: "Interfaces without tags.", lost: "Tags of NICs are not shown." },
    },
  },
  "list_keypairs.pages": {
    service: "compute",
    does: "list keypairs page by page",
    ways: {
      pages: { since: "2.35", how: "Page by page." },
      typed: { since: "2.2", how: "All at once." },
      plain: { how: "All at once.", lost: "Whether a keypair is of SSH or X.509 is not shown." },
    },
  },
  "read_keypair.type": {
    service: "compute",
    does: "read whether a keypair is of SSH or X.509",
    ways: {
      typed: { since: "2.2", how: "With the keypair." },
      plain: { how: "Keypairs without type.", lost: "Whether a keypair is of SSH or X.509 is not shown." },
    },
  },
  "lock_server.reason": {
    service: "compute",
    does: "keep the reason of a lock",
    ways: {
      reason: { since: "2.73", how: "`lock` with `locked_reason`." },
      silent: {
        how: "`lock` without a reason.",
        lost: "The server is locked without saying why.",
      },
    },
  },
  "tag_server.add": {
    service: "compute",
    does: "tag a server that is there",
    ways: {
      tag: { since: "2.26", how: "`PUT /servers/{id}/tags/{tag}`." },
      none: { how: "Nothing is sent.", lost: "Servers cannot be tagged." },
    },
  },
  "create_server_image.id": {
    service: "compute",
    does: "learn the id of an image that is being made of a server",
    ways: {
      body: { since: "2.45", how: "From the answer's body." },
      location: { how: "From the answer's `Location`." },
    },
  },
  "create_server.description": {
    service: "compute",
    does: "give a new server a description",
    ways: {
      field: { since: "2.19", how: "`description`." },
      none: { how: "Left out.", lost: "The server is made without its description." },
    },
  },
  "create_server.tags": {
    service: "compute",
    does: "make a server with its tags",
    ways: {
      field: { since: "2.52", how: "`tags`." },
      afterwards: {
        since: "2.26",
        how: "Each tag is put as soon as the server is ordered.",
      },
      none: { how: "Left out.", lost: "The server is made without its tags." },
    },
  },
  "create_server.hostname": {
    service: "compute",
    does: "keep the hostname that the guest is told",
    ways: {
      field: { since: "2.90", how: "`hostname`." },
      from_name: {
        how: "Left out: Nova makes it of the server's name.",
        lost: "The hostname that the guest is told follows from the server's name.",
      },
    },
  },
  "create_server.automatic_network": {
    service: "compute",
    does: "make a server on whatever network there is",
    ways: {
      auto: { since: "2.37", how: "`networks: auto`." },
      absent: {
        how: "`networks` is left out: Nova takes the project's only network.",
        lost: "Where the project has no network none is made, and where it has several the site refuses.",
      },
    },
  },
  "create_server.no_network": {
    service: "compute",
    does: "make a server without any network",
    ways: { none: { since: "2.37", how: "`networks: none`." } },
  },
  "create_server.nic_tag": {
    service: "compute",
    does: "tag a NIC so that the guest can tell it from the others",
    ways: {
      field: { since: "2.42", how: "`tag` of a network." },
      early: { since: "2.32", until: "2.36", how: "`tag` of a network, before it went missing for a while." },
      none: { how: "Left out.", lost: "The guest's metadata does not tell which NIC is which." },
    },
  },
  "create_server.disk_tag": {
    service: "compute",
    does: "tag a disk so that the guest can tell it from the others",
    ways: {
      field: { since: "2.42", how: "`tag` of a block device." },
      early: { since: "2.32", until: "2.32", how: "`tag` of a block device, in this very version." },
      none: { how: "Left out.", lost: "The guest's metadata does not tell which disk is which." },
    },
  },
  "create_server.volume_type": {
    service: "compute",
    does: "choose the type of a volume that Nova makes for a new server",
    ways: {
      field: { since: "2.67", how: "`volume_type` of a block device." },
      default_type: {
        how: "Left out. To choose the type, make the volume first and boot from it.",
        lost: "The volume is of the site's default type.",
      },
    },
  },
  "create_server.trusted_certificates": {
    service: "compute",
    does: "have the signature of a server's image verified by certificates of one's own",
    ways: {
      field: { since: "2.63", how: "`trusted_image_certificates`." },
      none: { how: "Left out.", lost: "The image's signature is not verified by these certificates." },
    },
  },
  "create_server.host": {
    service: "compute",
    does: "choose the host of a new server, which admins may",
    ways: {
      field: { since: "2.74", how: "`host`, which the scheduler checks." },
      zone: {
        how: "`availability_zone` as `zone:host`, past the scheduler.",
        lost: "Whether the server fits on the host is found out when it is built there.",
      },
    },
  },
  "create_server.multiattach_volume": {
    service: "compute",
    does: "make a server with a volume that several servers may attach",
    ways: { allowed: { since: "2.60", how: "`block_device_mapping_v2`, as any other volume." } },
  },
  "create_server.guaranteed_bandwidth": {
    service: "compute",
    does: "make a server with a port whose bandwidth is guaranteed",
    ways: { allowed: { since: "2.72", how: "`networks`, as any other port." } },
  },
  "rebuild_server.volume_backed": {
    service: "compute",
    does: "write another image to the volume that a server boots from",
    ways: { rebuild: { since: "2.93", how: "`rebuild` with `imageRef`." } },
  },
  "attach_interface.tag": {
    service: "compute",
    does: "tag a NIC that is attached",
    ways: {
      field: { since: "2.49", how: "`tag`." },
      none: { how: "Left out.", lost: "The guest's metadata does not tell which NIC this is." },
    },
  },
  "update_attachment.delete_on_termination": {
    service: "compute",
    does: "change whether an attached volume ends with its server",
    ways: {
      update: { since: "2.85", how: "`PUT /servers/{id}/os-volume_attachments/{volume_id}`." },
      none: { how: "Nothing is sent.", lost: "It stays as it was said when the volume was attached." },
    },
  },
  "attach_volume.multiattach": {
    service: "compute",
    does: "attach a volume that several servers may attach",
    ways: { allowed: { since: "2.60", how: "As any other volume." } },
  },
  "attach_volume.plain": {
    service: "compute",
    does: "attach a volume and be told the device",
    // 2.101 answers 202 without a body, while the attaching goes on.
    ways: { answered: { until: "2.100", how: "An older call, which is answered with the attachment." } },
  },
  "attach_volume.delete_on_termination": {
    service: "compute",
    does: "let an attached volume end with its server",
    ways: {
      field: { since: "2.79", how: "`delete_on_termination`." },
      kept: { how: "Left out.", lost: "The volume stays when the server is deleted." },
    },
  },
  "attach_volume.tag": {
    service: "compute",
    does: "tag a volume that is attached",
    ways: {
      field: { since: "2.49", how: "`tag`." },
      none: { how: "Left out.", lost: "The guest's metadata does not tell which disk this is." },
    },
  },
} as const satisfies Record<string, Operation>;
