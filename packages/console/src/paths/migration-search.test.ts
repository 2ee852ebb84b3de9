import { expect, test } from "vitest";
import { readMappings, readMigrationSearch, withMapping } from "./migration-search.ts";

test("choices of a mapping survive the way through the URL, whatever names they have", () => {
  const once = withMapping(undefined, "networks", "lan;=:%3B", "target=net");
  const map = withMapping(once, "flavors", "m1.small", "m1.tiny");
  expect(readMappings(map)).toEqual({
    networks: { "lan;=:%3B": "target=net" },
    flavors: { "m1.small": "m1.tiny" },
  });
});

test("the later choice for the same object wins", () => {
  const map = withMapping(withMapping(undefined, "networks", "a", "b"), "networks", "a", "c");
  expect(map).toBe("networks:a=c");
});

test("what is no mapping is passed over", () => {
  expect(readMappings("nonsense;people:a=b;networks:=;")).toEqual({});
  expect(readMigrationSearch({ to: "epoxy", running: "no", map: "", extra: 1 })).toEqual({ to: "epoxy" });
});
