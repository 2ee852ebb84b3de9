import { expect, test } from "vitest";
import {
  CINDER_ROOT,
  GLANCE_ROOT,
  NEUTRON_ROOT,
  NOVA_ROOT,
  NOVA_VERSIONED,
  PLACEMENT_ROOT,
} from "../../test/recorded-documents.ts";
import { OpenStackError } from "../errors/openstack-error.ts";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import { discoverService } from "./discover-service.ts";

/** A site that has these documents and answers with a status elsewhere. */
function documents(byUrl: Record<string, unknown>, status_elsewhere = 404) {
  return async (url: string): Promise<unknown> => {
    if (url in byUrl) return byUrl[url];
    const where = { service: "compute", method: "GET", path: url, url_host: "cloud.example" } as const;
    const unknown = { request_id: undefined, microversion: undefined };
    throw new OpenStackError({ ...where, ...unknown, status: status_elsewhere, message: "not here" });
  };
}

test("a versioned endpoint describes itself", async () => {
  const read = documents({ "http://cloud.example:8774/v2.1/": NOVA_VERSIONED });
  const found = await discoverService("compute", "http://cloud.example:8774/v2.1", "p1", read);
  expect(found).toEqual({
    endpoint: "http://cloud.example:8774/v2.1",
    versions: { version: "v2.1", min: "2.1", max: "2.93" },
  });
});

test("behind a proxy the catalog's scheme, host and prefix are kept, whatever the links say", async () => {
  const read = documents({ "https://cloud.example/compute/": NOVA_ROOT });
  const { endpoint } = await discoverService("compute", "https://cloud.example/compute/v2.1/", "p1", read);
  expect(endpoint).toBe("https://cloud.example/compute/v2.1");
});

test("a legacy /v2 endpoint is exchanged for v2.1 where the site has it, with its project id", async () => {
  const read = documents({ "http://cloud.example:8774/": NOVA_ROOT });
  const found = await discoverService("compute", "http://cloud.example:8774/v2/p1", "p1", read);
  expect(found.endpoint).toBe("http://cloud.example:8774/v2.1/p1");
  expect(found.versions.max).toBe("2.93");
});

test("an endpoint without a version gets the one that the service offers", async () => {
  const glance = documents({ "http://cloud.example/image/": GLANCE_ROOT });
  const image = await discoverService("image", "http://cloud.example/image", "p1", glance);
  expect(image).toEqual({ endpoint: "http://cloud.example/image/v2", versions: { version: "v2.15" } });
  const neutron = documents({ "http://cloud.example:9696/": NEUTRON_ROOT });
  const network = await discoverService("network", "http://cloud.example:9696/", "p1", neutron);
  expect(network.endpoint).toBe("http://cloud.example:9696/v2.0");
});

test("Placement has no version in its URL", async () => {
  const read = documents({ "http://cloud.example/placement/": PLACEMENT_ROOT });
  const found = await discoverService("placement", "http://cloud.example/placement", "p1", read);
  expect(found.endpoint).toBe("http://cloud.example/placement");
  expect(found.versions).toEqual({ version: "v1.0", min: "1.0", max: "1.39" });
});

test("a Cinder older than 3.67 gets the project id in its URL, where the catalog left it out", async () => {
  const read = documents({ "http://cloud.example:8776/v3/": CINDER_ROOT });
  const found = await discoverService("block-storage", "http://cloud.example:8776/v3", "p1", read);
  expect(found.endpoint).toBe("http://cloud.example:8776/v3/p1");
});

test("a volumev2 endpoint is exchanged for v3 where the site has it", async () => {
  const read = documents({ "http://cloud.example:8776/": CINDER_ROOT });
  const found = await discoverService("block-storage", "http://cloud.example:8776/v2/p1", "p1", read);
  expect(found).toEqual({
    endpoint: "http://cloud.example:8776/v3/p1",
    versions: { version: "v3.0", min: "3.0", max: "3.62" },
  });
});

test("a doubled version segment is one", async () => {
  const read = documents({ "http://cloud.example/identity/v3/": { version: { id: "v3.14" } } });
  const found = await discoverService("identity", "http://cloud.example/identity/v3/v3", undefined, read);
  expect(found.endpoint).toBe("http://cloud.example/identity/v3");
});

test("without any document the version in the URL is believed, and there are no microversions", async () => {
  const found = await discoverService("compute", "http://cloud.example/v2.1/p1", "p1", documents({}, 401));
  expect(found).toEqual({ endpoint: "http://cloud.example/v2.1/p1", versions: { version: "v2.1" } });
});

test("without document and version it is no OpenStack", async () => {
  const looking = discoverService("image", "http://cloud.example/", "p1", documents({}));
  await expect(looking).rejects.toThrow("there is no version document");
  await expect(looking).rejects.toBeInstanceOf(SiteUnreachable);
});

test("only an old major version is said to be so", async () => {
  const read = documents({
    "http://cloud.example:9292/": { versions: [{ id: "v1.1", status: "SUPPORTED" }] },
  });
  await expect(discoverService("image", "http://cloud.example:9292", "p1", read)).rejects.toThrow(
    "only v1.1",
  );
});

test("a service that is ill is not taken for one without microversions", async () => {
  const looking = discoverService("compute", "http://cloud.example/v2.1", "p1", documents({}, 503));
  await expect(looking).rejects.toMatchObject({ status: 503, retryable: true });
});
