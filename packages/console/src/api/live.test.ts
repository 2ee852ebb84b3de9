import { expect, test } from "vitest";
import { keysOf } from "./live.ts";

test("a changed server makes its list and its page old, and no other", () => {
  expect(keysOf({ type: "resource", kind: "servers", site: "zed", id: "s1" })).toEqual([
    ["list", "servers"],
    ["resource", "servers", "zed", "s1"],
  ]);
});

test("a change of many rows makes every page of that kind and site old", () => {
  expect(keysOf({ type: "resource", kind: "ports", site: "zed", id: null })[1]).toEqual([
    "resource",
    "ports",
    "zed",
  ]);
});

test("a changed job makes the lists of jobs and its own page old", () => {
  expect(keysOf({ type: "job", id: "j1" })).toEqual([["jobs"], ["job", "j1"]]);
});
