import type { Catalog } from "@uniview/openstack";
import { expect, test } from "vitest";
import type { GatewaySite } from "../identity/gateway-token.ts";
import { buildCatalog } from "./build-catalog.ts";
import { findService, servicesOf } from "./site-services.ts";

const PROJECT = { id: "f".repeat(32), name: "demo" };
const site = (site_name: string, more: Partial<GatewaySite> = {}): GatewaySite => ({
  site_project_id: `${site_name}-project`,
  site_id: site_name,
  site_name,
  region_id: site_name,
  site_region_name: "RegionOne",
  interface: "public",
  site_project_remote_id: "0".repeat(32),
  ...more,
});
const service = (
  type: string,
  url: string,
  more: { region?: string | null; interface?: string } = {},
): Catalog[number] => ({
  type,
  name: type,
  endpoints: [{ interface: "public", region: "RegionOne", region_id: "RegionOne", url, ...more }],
});
const urls = (catalog: Catalog, one = site("zed")) => {
  const built = buildCatalog("https://uniview", { project: PROJECT, sites: [{ site: one, catalog }] });
  return Object.fromEntries(
    built.map(({ type, endpoints }) => [
      type,
      endpoints.find(({ region_id }) => region_id === one.region_id)?.url,
    ]),
  );
};

test("each form of a site's URL is kept below our own, with our id of the project", () => {
  const theirs = "0".repeat(32);
  expect(
    urls([
      service("compute", "http://zed:8774/v2.1"),
      service("volumev3", `http://zed/volume/v3/${theirs}`),
      service("object-store", `https://rgw.zed/swift/v1/AUTH_${theirs}`),
      service("placement", "http://zed/placement/"),
      service("dns", "http://zed:9001/v2"),
    ]),
  ).toMatchObject({
    compute: "https://uniview/openstack/zed/compute/v2.1",
    volumev3: `https://uniview/openstack/zed/volumev3/v3/${PROJECT.id}`,
    "object-store": `https://uniview/openstack/zed/object-store/v1/AUTH_${PROJECT.id}`,
    placement: "https://uniview/openstack/zed/placement",
    dns: "https://uniview/openstack/zed/dns/v2",
    identity: "https://uniview/identity",
  });
});

test("network and image come without a version, because clients append it", () => {
  expect(
    urls([service("network", "http://zed:9696/v2.0"), service("image", "http://zed:9292/v2")]),
  ).toMatchObject({
    network: "https://uniview/openstack/zed/network",
    image: "https://uniview/openstack/zed/image",
  });
});

test("a service is there under all of its names, and the site's own name is never taken by another", () => {
  const both = urls([
    service("block-storage", "http://zed/new/v3"),
    service("volumev3", "http://zed/old/v3"),
  ]);
  expect(both).toMatchObject({
    "block-storage": "https://uniview/openstack/zed/block-storage/v3",
    volumev3: "https://uniview/openstack/zed/volumev3/v3",
  });
  expect(both["block-store"]).toBeDefined();
  expect(urls([service("volumev2", "http://zed/v2/x")])["volumev3"]).toBeUndefined();
});

test("only the site's own region and interface count, and what is no URL is left out", () => {
  const in_two_regions = {
    type: "compute",
    endpoints: [
      { interface: "public", region: "RegionTwo", region_id: "RegionTwo", url: "http://two/v2.1" },
      { interface: "internalURL", region: "RegionOne", region_id: "RegionOne", url: "http://inside/v2.1" },
      { interface: "publicURL", region: "RegionOne", region_id: "RegionOne", url: "http://one/v2.1" },
    ],
  };
  const catalog = [
    in_two_regions,
    service("image", "rbd:image"),
    service("network", "http://zed:9696", { region: null }),
  ];
  const [compute] = servicesOf(site("zed"), catalog);
  expect(compute).toMatchObject({ root: "http://one", form: "/v2.1" });
  expect(urls(catalog)["image"]).toBeUndefined();
});

test("ids are the same whatever else is in the catalog", () => {
  const idsOf = (sites: readonly GatewaySite[]) =>
    buildCatalog("https://uniview", {
      project: PROJECT,
      sites: sites.map((one) => ({ site: one, catalog: [service("compute", "http://x/v2.1")] })),
    })
      .find(({ type }) => type === "compute")
      ?.endpoints.filter(({ region_id }) => region_id === "zed")
      .map(({ id }) => id);
  expect(idsOf([site("zed")])).toEqual(idsOf([site("alpha"), site("zed")]));
});

test("a site that never showed its catalog is a region with Keystone alone", () => {
  const built = buildCatalog("https://uniview", {
    project: PROJECT,
    sites: [{ site: site("dead"), catalog: undefined }],
  });
  const there = built.filter(({ endpoints }) => endpoints.some(({ region_id }) => region_id === "dead"));
  expect(there.map(({ type }) => type)).toEqual(["identity"]);
});

test("the service of a path is found by any of its names", () => {
  const services = servicesOf(site("zed"), [service("volumev3", "http://zed:8776/v3")]);
  expect(findService(services, "block-storage")).toMatchObject({ root: "http://zed:8776" });
  expect(findService(services, "volumev2")).toBeUndefined();
});
