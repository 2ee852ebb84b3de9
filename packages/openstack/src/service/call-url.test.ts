import { expect, test } from "vitest";
import { callUrl } from "./call-url.ts";

const NOVA = "http://cloud.example/compute/v2.1";

test("a path and a query are put below the endpoint", () => {
  const url = callUrl(NOVA, "/servers/detail", {
    limit: 10,
    name: "a b&c",
    status: undefined,
    tags: ["x", "y"],
  });
  expect(url.href).toBe(`${NOVA}/servers/detail?limit=10&name=a+b%26c&tags=x&tags=y`);
});

test.each([
  "/servers/../os-keypairs",
  "/servers/%2e%2E/flavors",
  "/servers/.",
  "/servers/x?all_tenants=1",
  "/servers/x#y",
  "/servers//action",
  "servers",
  "/servers/a b",
  "/servers\\..\\x",
])("'%s' is refused", (path) => {
  expect(() => callUrl(NOVA, path)).toThrow("is not the path of a resource");
});

test("no path leads to another host", () => {
  expect(() => callUrl("http://cloud.example", "//evil.example/x")).toThrow(RangeError);
});
