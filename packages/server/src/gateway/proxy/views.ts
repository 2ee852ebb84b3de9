import type { Catalog } from "@uniview/openstack";
import { aliasesOf } from "../catalog/service-types.ts";
import type { SiteCatalogs } from "../catalog/site-catalogs.ts";
import { servicesOf } from "../catalog/site-services.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";
import type { ServiceView, SiteView } from "./site-view.ts";

/** Views remembered; beyond it the oldest are made again. */
const MAX_REMEMBERED = 1_000;

interface Known {
  readonly catalog: Catalog;
  readonly view: SiteView;
}

export interface Views {
  /** undefined: the site's catalog was never read, so nothing is known of its services. */
  of(public_url: string, project_id: string, site: GatewaySite): Promise<SiteView | undefined>;
}

/** How a project at a site looks from both sides of the gateway, made once a catalog. */
export function createViews(catalogs: SiteCatalogs): Views {
  const known = new Map<string, Known>();
  return {
    async of(public_url, project_id, site) {
      const catalog = await catalogs.of(site.site_project_id);
      if (!catalog) return undefined;
      const key = `${site.site_project_id} ${site.region_id} ${project_id} ${public_url}`;
      const found = known.get(key);
      if (found?.catalog === catalog) return found.view;
      const view = makeView(public_url, project_id, site, catalog);
      known.set(key, { catalog, view });
      const [oldest] = known.keys();
      if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
      return view;
    },
  };
}

function makeView(public_url: string, project_id: string, site: GatewaySite, catalog: Catalog): SiteView {
  const services = servicesOf(site, catalog)
    .map(({ type, root }) => ({
      type,
      root,
      public_root: `${public_url}/openstack/${site.region_id}/${type}`,
    }))
    // the longest first: https://cloud/compute before https://cloud
    .sort((a, b) => b.root.length - a.root.length);
  return { project_id, site_project_id: site.site_project_remote_id, services };
}

/** The service that `<service>` of our path means at the site, by any of its names. */
export function serviceIn(view: SiteView, type: string): ServiceView | undefined {
  const aliases = aliasesOf(type);
  return (
    view.services.find((service) => service.type === type) ??
    view.services.find((service) => aliases.includes(service.type))
  );
}
