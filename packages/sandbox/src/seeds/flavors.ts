import type { Site } from "../site.ts";
import { put } from "../state.ts";
import type { Theme } from "./themes.ts";

/** RAM in MiB, disk in GiB. Sizes differ a little from site to site; disks do not, so that root disks fit. */
const SIZES = [
  { vcpus: 1, ram: 512, disk: 1 },
  { vcpus: 1, ram: 2048, disk: 2 },
  { vcpus: 2, ram: 4096, disk: 4 },
];

export function seedFlavors(site: Site, theme: Theme): void {
  for (const [index, size] of SIZES.entries()) {
    put(site.state.flavors, {
      id: site.newId(),
      name: theme.flavors[index] ?? `flavor-${index}`,
      ...size,
      is_public: true,
      description: null,
      extra_specs: {},
    });
  }
}
