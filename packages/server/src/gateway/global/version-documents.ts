import { compareMicroversions, type VersionRange } from "@uniview/openstack";
import type { SiteService } from "../../sites/service.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";
import type { GlobalFamily } from "./global-path.ts";
import { askAll } from "./members.ts";

/** A site that was upgraded shows in the region's documents after this time. */
const BELIEVED_MS = 60_000;

/** What the region calls itself, by service. */
const VERSIONS: Readonly<Record<GlobalFamily, { id: string; path: string }>> = {
  compute: { id: "v2.1", path: "/v2.1/" },
  "block-storage": { id: "v3.0", path: "/v3/" },
  image: { id: "v2.5", path: "/v2/" },
  network: { id: "v2.0", path: "/v2.0/" },
};

export interface VersionDocuments {
  /** The document at this path; the microversions in it are those that every site has. */
  read(family: GlobalFamily, path: string, base_url: string): Promise<{ status: number; body: object }>;
}

export function createVersionDocuments(
  sites: Pick<SiteService, "connect">,
  listSites: () => Promise<readonly GatewaySite[]>,
): VersionDocuments {
  const known = new Map<GlobalFamily, { range: Promise<VersionRange>; until: number }>();
  const rangeOf = (family: GlobalFamily): Promise<VersionRange> => {
    const found = known.get(family);
    if (found && performance.now() < found.until) return found.range;
    const range = commonRange(sites, listSites, family);
    known.set(family, { range, until: performance.now() + BELIEVED_MS });
    range.catch(() => known.delete(family));
    return range;
  };
  return {
    async read(family, path, base_url) {
      const { id, path: versioned } = VERSIONS[family];
      const { min, max } = await rangeOf(family);
      const version = {
        id,
        status: "CURRENT",
        version: max ?? "",
        min_version: min ?? "",
        updated: "2013-07-23T11:33:21Z",
        links: [{ rel: "self", href: base_url + versioned }],
      };
      if (family === "compute" && path !== "/") return { status: 200, body: { version } };
      const is_choice = path === "/" && (family === "block-storage" || family === "image");
      return { status: is_choice ? 300 : 200, body: { versions: [version] } };
    },
  };
}

/** From the newest of the oldest to the oldest of the newest: a call in it works wherever it ends up. */
async function commonRange(
  sites: Pick<SiteService, "connect">,
  listSites: () => Promise<readonly GatewaySite[]>,
  family: GlobalFamily,
): Promise<VersionRange> {
  const { answers } = await askAll(sites, await listSites(), family, async (client) => client.versions);
  let common: { min: string; max: string } | undefined;
  for (const { value } of answers) {
    const { min, max } = value;
    if (min === undefined || max === undefined) continue;
    common = common
      ? {
          min: compareMicroversions(min, common.min) > 0 ? min : common.min,
          max: compareMicroversions(max, common.max) < 0 ? max : common.max,
        }
      : { min, max };
  }
  return { version: VERSIONS[family].id, ...common };
}
