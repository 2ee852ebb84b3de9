import { type GatewaySite, GLOBAL_REGION } from "../identity/gateway-token.ts";

export { GLOBAL_REGION };

/**
 * The region under which clients see a site: its name, which is safe in a URL and names one region of one Keystone
 * already (a site with several regions is joined once for each).
 */
export function regionIdOf(site_name: string): string {
  return site_name;
}

/** The site that a region id means to the holder of a token; undefined: none that they may use. */
export function siteOfRegion(sites: readonly GatewaySite[], region_id: string): GatewaySite | undefined {
  return sites.find((site) => site.region_id === region_id);
}
