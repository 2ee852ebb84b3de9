import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import { testProject } from "../inventory/testing.ts";
import { claim, dueProjects, versionsShown } from "./claim.ts";
import { createCapabilityStore } from "./store.ts";

const HOUR_MS = 60 * 60_000;

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const NOTHING = { findings: [], problems: [], lists_volume_types: false, left_behind: [], took_ms: 1 };

async function due(probed_ago_ms = HOUR_MS): Promise<string[]> {
  const projects = await dueProjects(database.kysely, {
    probed_before: new Date(Date.now() - probed_ago_ms),
    joined_before: new Date(Date.now() + HOUR_MS),
  });
  return projects.map(({ site }) => site).sort();
}
const showing = (site: string, max_microversion: string) =>
  database.kysely
    .updateTable("sites")
    .set({
      discovery: JSON.stringify({ services: [{ type: "compute", version: "v2.1", max_microversion }] }),
    })
    .where("name", "=", site)
    .execute();
const probed = async (id: string, at: Date) =>
  createCapabilityStore(database.kysely).save(
    id,
    { ...NOTHING, probed_at: at.toISOString() },
    (await versionsShown(database.kysely, id)) ?? "",
  );

test("a project is due until it is probed, again after its time, and when its site became another release", async () => {
  const { id } = await testProject(database, "zed", "demo");
  await showing("zed", "2.93");
  expect(await due()).toEqual(["zed"]);
  await probed(id, new Date());
  expect(await due()).toEqual([]);
  expect(await due(0)).toEqual(["zed"]);
  await showing("zed", "2.95");
  expect(await due()).toEqual(["zed"]);
  await probed(id, new Date());
  expect(await due()).toEqual([]);
});

test("one server at a time takes a project, and it is nobody else's until that is over", async () => {
  const { id } = await testProject(database, "train", "demo");
  const claims = await Promise.all([1, 2, 3].map(() => claim(database.kysely, id)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await due()).toEqual([]);
  await createCapabilityStore(database.kysely).noteFailure(id, "refused", new Date(Date.now() - 1));
  expect(await due()).toEqual(["train"]);
  expect(await claim(database.kysely, id)).toBe(true);
});

test("a site that does not answer is left alone, and one that was joined just now is not due yet", async () => {
  await testProject(database, "gone", "demo");
  await database.kysely
    .updateTable("sites")
    .set({ unreachable_since: new Date().toISOString() })
    .where("name", "=", "gone")
    .execute();
  expect(await due()).not.toContain("gone");
  await testProject(database, "new", "demo");
  const pace = { probed_before: new Date(), joined_before: new Date(Date.now() - HOUR_MS) };
  expect((await dueProjects(database.kysely, pace)).map(({ site }) => site)).not.toContain("new");
});
