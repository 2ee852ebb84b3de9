import type { Image } from "../image/images.ts";
import type { Evidence, Finding } from "./finding.ts";

/** Properties and formats that only one hypervisor writes or wants. A site does not tell a tenant which one it runs. */
const HINTS: readonly { readonly of: string; readonly has: (image: Image) => boolean }[] = [
  {
    of: "KVM",
    has: (image) =>
      image.disk_format === "qcow2" || /^(virtio|scsi)$/.test(String(image["hw_disk_bus"] ?? "")),
  },
  {
    of: "VMware",
    has: (image) => image.disk_format === "vmdk" || "vmware_ostype" in image || "vmware_disktype" in image,
  },
  { of: "Hyper-V", has: ({ disk_format }) => disk_format === "vhd" || disk_format === "vhdx" },
];
/** Which of an image's own words name the hypervisor outright. */
const NAMED = ["img_hv_type", "hypervisor_type"];

/** Judges by the images that the project sees: evidence, not proof, and told as such. */
export function findHypervisor(images: readonly Image[], evidence: Evidence): Finding {
  const counts = HINTS.map(({ of, has }) => ({ of, count: images.filter(has).length })).filter(
    ({ count }) => count > 0,
  );
  const named = images.flatMap((image) => NAMED.flatMap((key) => (image[key] ? [String(image[key])] : [])));
  const firmware = images.some((image) => image["hw_firmware_type"] === "uefi") ? ["UEFI"] : [];
  const agent = images.some((image) => image["hw_qemu_guest_agent"] === "yes") ? ["guest agent"] : [];
  const words = [
    ...counts.map(({ of, count }) => `${of} by ${count} of ${images.length} images`),
    ...new Set(named),
    ...firmware,
    ...agent,
  ];
  const kinds = counts.map(({ of }) => of);
  const state =
    kinds.length === 0 ? "unknown" : !kinds.includes("KVM") ? "no" : kinds.length > 1 ? "limited" : "yes";
  const detail = words.length > 0 ? words.join("; ") : "no image tells";
  return { capability: "compute.hypervisor", state, how: "list", detail, evidence };
}
