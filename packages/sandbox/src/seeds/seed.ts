import type { Site } from "../site.ts";
import { seedFlavors } from "./flavors.ts";
import { seedIdentity } from "./identity.ts";
import { seedImages } from "./images.ts";
import { seedNetworks } from "./networks.ts";
import { seedServers } from "./servers.ts";
import { themeOf } from "./themes.ts";
import { seedVolumeTypes } from "./volume-types.ts";

/** Fills a new site: always with what its operators set up, for `demo` with what its tenants made of it too. */
export async function seedSite(site: Site, seed: "demo" | "empty"): Promise<void> {
  const theme = themeOf(site.options.release);
  const owners = seedIdentity(site);
  seedFlavors(site, theme);
  seedVolumeTypes(site, theme);
  const networks = seedNetworks(site, theme, owners);
  const images = await seedImages(site, owners);
  if (seed === "demo") await seedServers(site, theme, { owners, networks, images });
}
