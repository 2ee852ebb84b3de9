import { expect, test } from "vitest";
import { capabilityLook, doesTitle, serviceTitle } from "./capability-words.ts";

const SNAPSHOT = { capability: "block-storage.create_snapshot", rule: "volume:create_snapshot" };
const MANILA = { capability: "shared-file-system.service", rule: null };
const QUOTA = { capability: "compute.quota.cores", rule: null };

test("what is refused is told apart from what is not there, and both from what nobody tried", () => {
  expect(capabilityLook(SNAPSHOT, { state: "no", how: "attempt" })).toEqual({ look: "no", word: "No" });
  expect(capabilityLook(MANILA, { state: "no", how: "document" })).toEqual({ look: "absent", word: "No" });
  expect(capabilityLook(SNAPSHOT, { state: "yes", how: "default_policy" })).toEqual({
    look: "weak",
    word: "Yes, by default",
  });
  expect(capabilityLook(SNAPSHOT, { state: "unknown", how: "attempt" }).word).toBe("Unknown");
});

test("a quota has words of its own", () => {
  expect(capabilityLook(QUOTA, { state: "limited", how: "document" })).toEqual({
    look: "limited",
    word: "Scarce",
  });
  expect(capabilityLook(QUOTA, { state: "no", how: "document" })).toEqual({ look: "no", word: "Spent" });
});

test("services beside the five share a heading", () => {
  expect(["block-storage", "dns", "orchestration"].map(serviceTitle)).toEqual([
    "Block storage",
    "Other services",
    "Other services",
  ]);
  expect(doesTitle("create a port")).toBe("Create a port");
});
