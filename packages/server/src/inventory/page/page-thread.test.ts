import { expect, test } from "vitest";
import { startPageThread } from "./page-thread.ts";

const nothing = () => ({
  kind: "servers" as const,
  rows: { bytes: new TextEncoder().encode("[]"), places: new Int32Array(0) },
  around: { project_id: "p", flavors: new Map(), images: new Map(), networks: new Map() },
  as_new: undefined,
});

test("a page is read in the thread", async () => {
  const thread = startPageThread();
  const page = await thread.read(nothing());
  expect(page.digest.ids).toEqual([]);
  expect(thread.alive).toBe(true);
  await thread.close();
});

test("a thread that does not answer in time is given up, and whoever waits for it is told", async () => {
  const thread = startPageThread(0);
  await expect(thread.read(nothing())).rejects.toThrow("said nothing");
  expect(thread.alive).toBe(false);
});
