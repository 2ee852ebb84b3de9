import type { Check, PlannedPort } from "@uniview/api";
import type { FlavorMapping } from "../mappings/flavor.ts";
import { isNoSmaller } from "../mappings/flavor.ts";
import type { KeypairMapping } from "../mappings/keypair.ts";
import type { NetworkMapping } from "../mappings/networks.ts";
import type { SecurityGroupMapping } from "../mappings/security-groups.ts";
import type { VolumeTypeMapping } from "../mappings/volume-types.ts";
import type { DiskOrder } from "../orders.ts";
import type { SourceFacts } from "../source-facts.ts";
import type { TargetFacts } from "../target-facts.ts";
import { fail, pass, warn } from "./check.ts";

/** Where a source that was migrated says what became of it. */
export const MIGRATED_TO = "uniview:migrated_to";

export function checkFlavor(
  source: SourceFacts,
  target: TargetFacts,
  { target: flavor, row }: FlavorMapping,
): Check {
  const title = "Flavor";
  if (!flavor)
    return fail(
      "flavor",
      title,
      `${target.site} has no flavor of at least ${row.source.detail}.`,
      `Ask the operator of ${target.site} for one, or map ${row.source.name} to a smaller one (--flavor ${row.source.name}=NAME).`,
    );
  if (!isNoSmaller(flavor, source))
    return warn(
      "flavor",
      title,
      `${flavor.name} is smaller than ${row.source.name} (${row.source.detail}): the guest gets less, and may not boot.`,
    );
  return pass("flavor", title, `${row.source.name} becomes ${flavor.name}: ${row.why}`);
}

export function checkNetworks(networks: readonly NetworkMapping[], site: string): Check[] {
  return networks.map(({ source, target, row }) =>
    target
      ? pass("network", "Network", `${source.name} becomes ${target.name}: ${row.why}`)
      : fail(
          "network",
          "Network",
          `Nothing at ${site} stands for the network ${source.name}.`,
          `Map ${source.name} to one of its networks (--network ${source.name}=NAME); ${site} has: ${row.choices.map(({ name }) => name).join(", ") || "none"}.`,
        ),
  );
}

export function checkPorts(ports: readonly PlannedPort[]): Check[] {
  return ports
    .filter(({ target_network }) => target_network !== null)
    .flatMap((port) => {
      const addresses = port.fixed_ips.join(", ");
      const mac = port.keeps_mac
        ? pass("network.mac", "MAC address", `${port.mac_address} is kept on ${port.target_network}`)
        : warn(
            "network.mac",
            "MAC address",
            `${port.mac_address} cannot be kept. ${port.why}`,
            "A guest that knows its network card by the MAC needs a change.",
          );
      const fixed = port.keeps_fixed_ips
        ? pass("network.fixed-ip", "Fixed IP", `${addresses} is kept on ${port.target_network}`)
        : warn(
            "network.fixed-ip",
            "Fixed IP",
            `${addresses} cannot be kept. ${port.why}`,
            "The guest gets another address by DHCP: update what refers to the old one.",
          );
      return [mac, fixed, ...checkFloating(port)];
    });
}

function checkFloating({ floating_ip, target_floating_network, target_network }: PlannedPort): Check[] {
  if (!floating_ip) return [];
  return [
    target_floating_network
      ? warn(
          "network.floating-ip",
          "Floating IP",
          `${floating_ip} belongs to the source's site: the copy gets another one of ${target_floating_network}.`,
          "Point DNS at the new one; the job's result names it.",
        )
      : warn(
          "network.floating-ip",
          "Floating IP",
          `${floating_ip} belongs to the source's site, and ${target_network} has no router to an external network: the copy gets none.`,
          "Connect the network to a router with an external gateway first.",
        ),
  ];
}

export function checkVolumeTypes(types: readonly VolumeTypeMapping[]): Check[] {
  return types.map(({ source, target, row }) =>
    target
      ? pass("volume-type", "Volume type", `${source} becomes ${target.name}: ${row.why}`)
      : warn(
          "volume-type",
          "Volume type",
          `${source}: ${row.why}`,
          `Map ${source} to another type if the default does not suit (--volume-type ${source}=NAME).`,
        ),
  );
}

export function checkSecurityGroups(groups: readonly SecurityGroupMapping[]): Check[] {
  return groups.map(({ source, row }) =>
    pass("security-group", "Security group", `${source.name}: ${row.why}`),
  );
}

export function checkKeypair({ order, row }: KeypairMapping): Check[] {
  if (!row) return [];
  return [
    order
      ? pass("keypair", "Keypair", `${row.source.name}: ${row.why}`)
      : warn("keypair", "Keypair", `${row.source.name}: ${row.why}`),
  ];
}

/** Nova allows two servers of one name; people then stop the wrong one. What an earlier migration left is no clash. */
export function checkName(target: TargetFacts, name: string, is_new_name: boolean): Check {
  const title = "Name";
  const others = target.namesakes.filter(({ metadata }) => metadata?.[MIGRATED_TO] === undefined);
  const [other] = others;
  if (!other) return pass("name", title, `${name} is free at ${target.site}`);
  return fail(
    "name",
    title,
    `${target.site} has a server ${name} already (${other.id}).`,
    is_new_name ? "Choose yet another name." : "Choose another name for the copy (--name).",
  );
}

export function checkFormats(target: TargetFacts, disks: readonly DiskOrder[]): Check[] {
  const formats = [...new Set(disks.map(({ disk_format }) => disk_format))];
  return formats.map((format) =>
    target.disk_formats === null || target.disk_formats.includes(format)
      ? pass("image.format", "Image format", `${target.site} takes ${format} images`)
      : fail(
          "image.format",
          "Image format",
          `${target.site} takes no ${format} images, only ${target.disk_formats.join(", ")}.`,
          `Ask the operator of ${target.site} to allow ${format}.`,
        ),
  );
}

/** Volumes and images larger than what the image service takes end in an error late; it tells nobody its limit before. */
export function checkImageSize(site: string, largest_bytes: number): Check {
  const gib = Math.ceil(largest_bytes / 1024 ** 3);
  const TEBIBYTE = 1024 ** 4;
  // `image_size_cap` of Glance, 1 TiB by default
  return largest_bytes <= TEBIBYTE
    ? pass("image.size", "Image size", `The largest disk has ${gib} GiB`)
    : warn(
        "image.size",
        "Image size",
        `The largest disk has ${gib} GiB; ${site} may refuse images of over 1024 GiB (image_size_cap).`,
        `Ask the operator of ${site}.`,
      );
}
