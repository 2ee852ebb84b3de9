import type { Catalog } from "@uniview/openstack";
import type { GatewaySite } from "../identity/gateway-token.ts";
import { splitEndpoint } from "./service-root.ts";
import { aliasesOf } from "./service-types.ts";

/** One service of a site, as the gateway serves it. */
export interface SiteService {
  /** The site's catalog type, and the `<service>` of our path: `volumev3`. */
  readonly type: string;
  readonly name: string;
  /** Where its unversioned document is, without slash at the end: `http://zed:8776`, `https://cloud/volume`. */
  readonly root: string;
  /** What the catalog's URL has after the root: ``, `/v2.1`, `/v3/<project id of the site>`. */
  readonly form: string;
}

/** Every service of the site's region and interface but its Keystone, each type once. */
export function servicesOf(site: GatewaySite, catalog: Catalog): SiteService[] {
  const services = new Map<string, SiteService>();
  for (const entry of catalog) {
    if (entry.type === "identity" || entry.type === "identityv3" || services.has(entry.type)) continue;
    const here = entry.endpoints.filter(
      ({ region, region_id }) =>
        site.site_region_name === null ||
        (region_id ?? region ?? site.site_region_name) === site.site_region_name,
    );
    // some old catalogs say `publicURL`
    const found = here.find((one) => one.interface.replace(/URL$/, "") === site.interface) ?? here[0];
    const split = found && splitEndpoint(found.url);
    if (split) services.set(entry.type, { type: entry.type, name: entry.name ?? entry.type, ...split });
  }
  return [...services.values()];
}

/** The service that `<service>` of a path means at a site: its type there, or another name of that. */
export function findService(services: readonly SiteService[], type: string): SiteService | undefined {
  const exact = services.find((service) => service.type === type);
  if (exact) return exact;
  const aliases = aliasesOf(type);
  return services.find((service) => aliases.includes(service.type));
}
