import { Problem } from "@uniview/api";
import { type Catalog, type CatalogEndpoint, type Interface, serviceTypeOf } from "@uniview/openstack";

interface Wish {
  readonly region_name: string | undefined;
  readonly interface: Interface;
}

/**
 * The region in which a site's compute service is used; undefined where its catalog knows no regions.
 *
 * @throws Problem `site-without-compute`, or `site-region-unknown` with the regions that there are
 */
export function chooseRegion(catalog: Catalog, wish: Wish, host: string): string | undefined {
  const endpoints = catalog
    .filter(({ type }) => serviceTypeOf(type) === "compute")
    .flatMap((entry) => entry.endpoints);
  if (endpoints.length === 0) throw withoutCompute(catalog, host);
  const regions = [...new Set(endpoints.map(regionOf).filter((region) => region !== undefined))].sort();
  const chosen = wish.region_name ?? (regions.length === 1 ? regions[0] : undefined);
  if (wish.region_name !== undefined && !regions.includes(wish.region_name)) {
    const everywhere = catalog.flatMap((entry) => entry.endpoints).map(regionOf);
    if (everywhere.includes(wish.region_name)) throw withoutCompute(catalog, host, wish.region_name);
    throw regionProblem(`The site at ${host} has no region "${wish.region_name}".`, regions);
  }
  if (chosen === undefined && regions.length > 1) {
    throw regionProblem(`The site at ${host} has several regions, and none was named.`, regions);
  }
  const offered = endpoints
    .filter((endpoint) => chosen === undefined || regionOf(endpoint) === chosen)
    .map((endpoint) => endpoint.interface.replace(/URL$/, ""));
  if (offered.includes(wish.interface)) return chosen;
  throw new Problem(
    "site-without-compute",
    `The catalog at ${host} has no ${wish.interface} endpoint of the compute service.`,
    {
      field: "cloud.interface",
      remedy: `Choose one of its interfaces: ${[...new Set(offered)].sort().join(", ")}.`,
    },
  );
}

function regionOf(endpoint: CatalogEndpoint): string | undefined {
  return endpoint.region_id ?? endpoint.region ?? undefined;
}

function regionProblem(detail: string, regions: readonly string[]): Problem {
  const remedy = `Set region_name to one of its regions: ${regions.join(", ")}.`;
  return new Problem("site-region-unknown", detail, { field: "cloud.region_name", remedy });
}

function withoutCompute(catalog: Catalog, host: string, region?: string): Problem {
  const has = [...new Set(catalog.map(({ type }) => type))].sort();
  const where = region === undefined ? "" : ` in region "${region}"`;
  return new Problem("site-without-compute", `The catalog at ${host} has no compute service${where}.`, {
    remedy:
      has.length === 0
        ? "The catalog is empty: check that the user has a role in the project."
        : `It has ${has.join(", ")}. Uniview manages servers: give a project or region of a site that has them.`,
  });
}
