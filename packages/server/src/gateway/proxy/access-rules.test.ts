import { expect, test } from "vitest";
import { allows } from "./access-rules.ts";

const rule = (service: string, method: string, path: string) => ({ id: "1", service, method, path });
const call = (path: string, method = "GET", service = "compute") => ({ service, method, path });

test("a rule allows its service, method and path, and nothing else", () => {
  const rules = [rule("compute", "GET", "/v2.1/servers/{server_id}")];
  expect(allows(rules, call("/v2.1/servers/1"))).toBe(true);
  expect(allows(rules, call("/v2.1/servers/1/ips"))).toBe(false);
  expect(allows(rules, call("/v2.1/servers"))).toBe(false);
  expect(allows(rules, call("/v2x1/servers/1"))).toBe(false);
  expect(allows(rules, call("/v2.1/servers/1", "DELETE"))).toBe(false);
  expect(allows(rules, call("/v2.1/servers/1", "GET", "image"))).toBe(false);
});

test("two stars are any number of segments, one is one", () => {
  expect(allows([rule("compute", "GET", "/v2.1/**")], call("/v2.1/servers/1/ips"))).toBe(true);
  expect(allows([rule("compute", "GET", "/v2.1/*")], call("/v2.1/servers/1"))).toBe(false);
});

test("a service is meant by any of its names", () => {
  expect(allows([rule("block-storage", "GET", "/v3/**")], call("/v3/p/volumes", "GET", "volumev3"))).toBe(
    true,
  );
});

test("an encoded slash does not hide further segments from a rule", () => {
  const rules = [rule("compute", "GET", "/v2.1/servers/*")];
  expect(allows(rules, call("/v2.1/servers/1%2Faction"))).toBe(false);
  expect(allows(rules, call("/v2.1/servers/%zz"))).toBe(false);
});
