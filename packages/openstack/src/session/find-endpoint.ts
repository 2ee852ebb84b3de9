import { SiteUnreachable } from "../errors/site-unreachable.ts";
import { catalogTypes, type ServiceType } from "../service/service-types.ts";
import type { Catalog, CatalogEndpoint, CatalogEntry } from "./catalog.ts";
import type { Interface } from "./credentials.ts";

export interface EndpointWish {
  region_name: string | undefined;
  interface: Interface;
  /** For the sentence of an error. */
  host: string;
}

/** The regions of a catalog that have a compute service, else all of them, sorted. */
export function regionsOf(catalog: Catalog): string[] {
  const compute = catalog.filter((entry) => catalogTypes("compute").includes(entry.type));
  const entries = compute.some((entry) => entry.endpoints.length > 0) ? compute : catalog;
  const regions = entries.flatMap((entry) => entry.endpoints.map(regionOf));
  return [...new Set(regions.filter((region) => region !== undefined))].sort();
}

/** @throws SiteUnreachable no_endpoint: the catalog has no such region, or has several and none was named */
export function checkRegion(catalog: Catalog, wish: Pick<EndpointWish, "region_name" | "host">): void {
  const regions = regionsOf(catalog);
  const { region_name } = wish;
  if (region_name === undefined && regions.length > 1) throw severalRegions(wish, regions);
  if (region_name === undefined || regions.includes(region_name) || regions.length === 0) return;
  throw missing(wish, `has no region '${region_name}'. Its regions: ${regions.join(", ")}.`);
}

/**
 * The URL of a service for the region and interface wanted.
 * @throws SiteUnreachable no_endpoint, with what the catalog has instead
 */
export function findEndpoint(catalog: Catalog, type: ServiceType, wish: EndpointWish): string {
  const entries = entriesOf(catalog, type);
  if (entries.length === 0) throw missing(wish, `has no ${type} service. ${whatItHas(catalog)}`);
  const endpoints = entries
    .flatMap((entry) => entry.endpoints)
    .filter((endpoint) => isIn(endpoint, wish.region_name));
  const regions = [...new Set(endpoints.map(regionOf).filter((region) => region !== undefined))];
  if (endpoints.length === 0) {
    const offered = regionsOf(catalog).join(", ") || "none";
    throw missing(wish, `has no ${type} service in region '${wish.region_name}'. Its regions: ${offered}.`);
  }
  if (regions.length > 1) {
    throw missing(
      wish,
      `has several regions (${regions.sort().join(", ")}). Name one of them as region_name.`,
    );
  }
  const found = endpoints.find((endpoint) => interfaceOf(endpoint) === wish.interface);
  if (found === undefined) {
    const offered = [...new Set(endpoints.map(interfaceOf))].join(", ");
    throw missing(
      wish,
      `has no ${wish.interface} endpoint for ${type}, only ${offered}. Choose another interface.`,
    );
  }
  return found.url;
}

/** Entries of our names for the service, the best name first. */
function entriesOf(catalog: Catalog, type: ServiceType): CatalogEntry[] {
  for (const name of catalogTypes(type)) {
    const entries = catalog.filter((entry) => entry.type === name && entry.endpoints.length > 0);
    if (entries.length > 0) return entries;
  }
  return [];
}

export function regionOf(endpoint: CatalogEndpoint): string | undefined {
  return endpoint.region_id ?? endpoint.region ?? undefined;
}

export function isIn(endpoint: CatalogEndpoint, region_name: string | undefined): boolean {
  return region_name === undefined || regionOf(endpoint) === region_name;
}

/** Some old catalogs say `publicURL`. */
export function interfaceOf(endpoint: CatalogEndpoint): string {
  return endpoint.interface.replace(/URL$/, "");
}

function whatItHas(catalog: Catalog): string {
  if (catalog.length === 0) return "It is empty: the credential has no project, or no role in it.";
  return `It has: ${catalog.map((entry) => entry.type).join(", ")}.`;
}

function severalRegions(wish: Pick<EndpointWish, "host">, regions: string[]): SiteUnreachable {
  return missing(wish, `has several regions (${regions.join(", ")}). Name one of them as region_name.`);
}

function missing(wish: Pick<EndpointWish, "host">, what: string): SiteUnreachable {
  return new SiteUnreachable("no_endpoint", wish.host, `The catalog of ${wish.host} ${what}`);
}
