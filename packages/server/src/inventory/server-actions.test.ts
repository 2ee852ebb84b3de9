import { expect, test } from "vitest";
import { actionsOf } from "./server-actions.ts";

const allowed = (status: string | null, more: { locked?: boolean; task_state?: string } = {}) =>
  actionsOf({ status, locked: false, task_state: null, ...more }).flatMap((one) =>
    one.allowed ? one.action : [],
  );

test("what may be done follows from the status", () => {
  expect(allowed("ACTIVE")).toEqual(["stop", "reboot"]);
  expect(allowed("SHUTOFF")).toEqual(["start", "reboot"]);
  expect(allowed("ERROR")).toEqual(["stop", "reboot"]);
  expect(allowed("BUILD")).toEqual([]);
  expect(allowed("SHELVED_OFFLOADED")).toEqual([]);
  expect(allowed(null)).toEqual([]);
});

test("nothing may be done with a locked or busy server, and it says why", () => {
  expect(allowed("ACTIVE", { locked: true })).toEqual([]);
  expect(allowed("ACTIVE", { task_state: "powering-off" })).toEqual([]);
  const [start] = actionsOf({ status: "ACTIVE", locked: false, task_state: null });
  expect(start?.why_not).toBe("The server is ACTIVE; to start it, it has to be SHUTOFF.");
});
