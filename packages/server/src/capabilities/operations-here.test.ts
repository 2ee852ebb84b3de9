import type { DiscoveredService } from "@uniview/api";
import { expect, test } from "vitest";
import { operationsHere } from "./operations-here.ts";

const service = (type: string, max_microversion: string): DiscoveredService => ({
  type,
  name: type,
  endpoint: "",
  version: "v2.1",
  min_microversion: type === "compute" ? "2.1" : "3.0",
  max_microversion,
  release: null,
  state: "ok",
});
const at = (nova: string, cinder: string) => {
  const here = operationsHere({ services: [service("compute", nova), service("block-storage", cinder)] });
  return (operation: string) => here.find((one) => one.operation === operation);
};

test("a new site does everything as wanted, and an old one says what it costs there", () => {
  expect(at("2.93", "3.70")("lock_server.reason")).toMatchObject({ state: "wanted", microversion: "2.73" });
  expect(at("2.60", "3.50")("lock_server.reason")).toMatchObject({
    state: "lesser",
    microversion: null,
    wanted: "2.73",
    offered: "2.60",
    lost: "The server is locked without saying why.",
  });
});

test("another way that loses nothing is told apart from one that does", () => {
  const older = at("2.60", "3.50");
  expect(older("create_snapshot.in_use")).toMatchObject({ state: "otherwise", lost: null });
  expect(at("2.30", "3.50")("create_server.no_network")).toMatchObject({ state: "impossible" });
});

test("of a service that did not answer nothing is said", () => {
  const [first] = operationsHere({ services: [] });
  expect(first).toMatchObject({ state: "unknown", offered: null });
});
