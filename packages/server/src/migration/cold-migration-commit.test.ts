import { SiteUnreachable } from "@uniview/openstack";
import { runInMemory } from "@uniview/workflow/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { coldMigration } from "./cold-migration.workflow.ts";
import { openTrial } from "./testing-trial.ts";

let opened: Awaited<ReturnType<typeof openTrial>>;

beforeAll(async () => {
  opened = await openTrial();
});

afterAll(() => opened?.close());

test("when the source's site dies once the copy runs, ending the job keeps the copy and tells what was left undone", async () => {
  const { makeDeps } = opened.trial;
  const world = await makeDeps();
  const cancel = new AbortController();
  const { site_project_id } = world.orders.source;
  let tries = 0;
  const dying = {
    ...world,
    connect: async (id: string) => {
      const session = await world.connect(id);
      if (id !== site_project_id || !(await opened.copyRuns())) return session;
      tries += 1;
      if (tries === 2) cancel.abort();
      throw new SiteUnreachable("timeout", "old", "old does not answer.");
    },
  };
  const { end } = await runInMemory(coldMigration, world.orders, dying, { cancelled: cancel.signal });
  expect(end).toMatchObject({
    status: "succeeded",
    result: { server: { status: "UNKNOWN" }, source: { status: "UNKNOWN", locked: false } },
  });
  const told = end.status === "succeeded" ? JSON.stringify(end.result) : "";
  expect(told).toMatch(/Not done: Lock web at old \([^)]*does not answer/);
  expect(told).toMatch(/Not done: Remove what only the migration needed/);
  await opened.assertKept(world, "the source's site died");
});
