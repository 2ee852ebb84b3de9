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
      fate: { since: "2.79", how: "In the attachment." },
      tag: {
        since: "2.70",
        how: "The attachment has a tag only; what becomes of the volume is read with the server.",
      },
      plain: { how: "Read with the server.", lost: "Device tags are not shown." },
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
