import { expect, test } from "vitest";
import { resourceState } from "./states.ts";

test("a resource's state keeps OpenStack's word", () => {
  expect(
    ["ACTIVE", "SHUTOFF", "ERROR", "in-use", "error_deleting", "SHELVED_OFFLOADED"].map((s) =>
      resourceState(s),
    ),
  ).toEqual([
    { tone: "ok", word: "Active" },
    { tone: "off", word: "Shutoff" },
    { tone: "bad", word: "Error" },
    { tone: "ok", word: "In-use" },
    { tone: "bad", word: "Error deleting" },
    { tone: "off", word: "Shelved offloaded" },
  ]);
});

test("what a server does right now is said beside its state", () => {
  expect(resourceState("ACTIVE", "reboot_started")).toEqual({
    tone: "busy",
    word: "Active, reboot started",
    moves: true,
  });
});

test("states on their way move, unknown ones do not alarm", () => {
  expect(resourceState("BUILD")).toEqual({ tone: "busy", word: "Build", moves: true });
  expect(resourceState("downloading").moves).toBe(true);
  expect(resourceState(null)).toEqual({ tone: "off", word: "Unknown" });
  expect(resourceState("SOMETHING_NEW")).toEqual({ tone: "off", word: "Something new", moves: false });
});
