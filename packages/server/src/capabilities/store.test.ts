import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import { serverBody, testProject, testReading } from "../inventory/testing.ts";
import { createCapabilityStore } from "./store.ts";

let database: Database;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("the inventory tells which servers boot from a volume", async () => {
  const project = await testProject(database, "north", "demo");
  const from_volume = serverBody("from-volume");
  const from_image = serverBody("from-image", { image: { id: "i1" } });
  await testReading(database, project, "servers", [from_volume, from_image]);
  const store = createCapabilityStore(database.kysely);
  const ask = (id: unknown) => store.bootsFromVolume(project.id, String(id));
  expect(await ask(from_volume["id"])).toBe(true);
  expect(await ask(from_image["id"])).toBe(false);
  expect(await ask("nowhere")).toBeUndefined();
});
