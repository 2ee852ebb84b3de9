import { createHash } from "node:crypto";
import type { Catalog } from "@uniview/openstack";
import type { GatewaySite, GatewayToken } from "../identity/gateway-token.ts";
import { GLOBAL_REGION } from "./regions.ts";
import { aliasesOf } from "./service-types.ts";
import { servicesOf } from "./site-services.ts";

export interface PublishedEndpoint {
  readonly id: string;
  readonly interface: "public" | "internal" | "admin";
  readonly region: string;
  readonly region_id: string;
  readonly url: string;
}

export interface PublishedService {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly PublishedEndpoint[];
}

export interface SiteCatalog {
  readonly site: GatewaySite;
  /** The site's own; undefined: it never showed one. */
  readonly catalog: Catalog | undefined;
}

/**
 * gophercloud (Terraform) appends the version to whatever the catalog says, and others find it by the root's own
 * document; so a site whose catalog has the version already would be the one that Terraform cannot use.
 */
const APPENDED_BY_CLIENTS: ReadonlySet<string> = new Set(["network", "image"]);
const INTERFACES = ["public", "internal", "admin"] as const;

/** What the region `global` has: service type, name, and the form of its URL. */
const GLOBAL_SERVICES: readonly { type: string; name: string; form: (project_id: string) => string }[] = [
  { type: "compute", name: "nova", form: () => "/v2.1" },
  { type: "volumev3", name: "cinderv3", form: (project_id) => `/v3/${project_id}` },
  { type: "image", name: "glance", form: () => "" },
  { type: "network", name: "neutron", form: () => "" },
];

/**
 * The catalog of a token: every service of every site under our own address, with the form of the site's URL kept, so
 * that clients find what they would find there. Without sites (unscoped, domain) there is Keystone alone.
 */
export function buildCatalog(
  public_url: string,
  { project, sites }: Pick<GatewayToken, "project"> & { sites: readonly SiteCatalog[] },
): PublishedService[] {
  const services = new Map<string, { name: string; endpoints: PublishedEndpoint[] }>();
  const add = (type: string, name: string, region_id: string, url: string) => {
    const service = services.get(type) ?? { name, endpoints: [] };
    services.set(type, service);
    if (service.endpoints.some((one) => one.region_id === region_id)) return;
    for (const of of INTERFACES) {
      const id = stableId("endpoint", type, region_id, of);
      service.endpoints.push({ id, interface: of, region: region_id, region_id, url });
    }
  };

  const regions = [...sites.map(({ site }) => site.region_id), GLOBAL_REGION];
  for (const region_id of regions) add("identity", "keystone", region_id, `${public_url}/identity`);
  if (project) {
    for (const { site, catalog } of sites) {
      const here = servicesOf(site, catalog ?? []);
      // the site's own names first: another name of a service never takes the place of one that the site has
      for (const exact of [true, false]) {
        for (const { type, name, form } of here) {
          const path = (APPENDED_BY_CLIENTS.has(type) ? "" : form).replaceAll(
            site.site_project_remote_id,
            project.id,
          );
          const url = `${public_url}/openstack/${site.region_id}/${type}${path}`;
          for (const one of exact ? [type] : aliasesOf(type)) add(one, name, site.region_id, url);
        }
      }
    }
    for (const { type, name, form } of sites.length > 0 ? GLOBAL_SERVICES : []) {
      const url = `${public_url}/openstack/${GLOBAL_REGION}/${type}${form(project.id)}`;
      for (const one of aliasesOf(type)) add(one, name, GLOBAL_REGION, url);
    }
  }
  return [...services].map(([type, { name, endpoints }]) => ({
    id: stableId("service", type),
    type,
    name,
    endpoints,
  }));
}

/** The same on every server and after every start: clients keep ids. */
function stableId(...parts: readonly string[]): string {
  return createHash("sha256")
    .update(`uniview ${parts.join(" ")}`)
    .digest("hex")
    .slice(0, 32);
}
