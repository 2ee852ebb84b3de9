import { expect, test } from "vitest";
import { isVersionDocument, readAddress } from "./address.ts";

test("an address names region, service, path and query", () => {
  expect(readAddress("/openstack/zed/compute/v2.1/servers?limit=2&name=a%2Fb")).toEqual({
    region_id: "zed",
    service: "compute",
    path: "/v2.1/servers",
    query: "limit=2&name=a%2Fb",
  });
  expect(readAddress("/openstack/zed/image")).toMatchObject({ service: "image", path: "/" });
  expect(readAddress("/openstack/zed/image/")).toMatchObject({ service: "image", path: "/" });
});

test.each([
  "/openstack/zed",
  "/openstack//compute/v2.1",
  "/openstack/zed/compute/../identity",
  "/openstack/zed/compute/v2.1/%2e%2E/x",
  "/openstack/zed/compute/.%2e",
  "/openstack/zed/compute/v2.1/servers%2f..%2fos-keypairs",
  "/openstack/zed/compute/a\\..\\b",
  "/openstack/%2fzed/compute/",
  "/api/v1/servers",
])("%s is no address of a service", (url) => {
  expect(readAddress(url)).toBeUndefined();
});

test("names with dots are paths like others", () => {
  expect(readAddress("/openstack/zed/object-store/v1/AUTH_p/c/..a/b..")?.path).toBe("/v1/AUTH_p/c/..a/b..");
});

test("version documents are at the root and at each version", () => {
  expect(["/", "/v2.1", "/v3/"].every(isVersionDocument)).toBe(true);
  expect(["/v2.1/servers", "/v3/0123", "/healthcheck"].some(isVersionDocument)).toBe(false);
});
