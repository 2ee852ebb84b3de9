import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import type { KnownProject } from "../sites/service.ts";
import { readerState } from "./store.ts";
import { createSurroundings } from "./surroundings.ts";
import { testProject, testReading } from "./testing.ts";

let database: Database;
let project: KnownProject;

beforeAll(async () => {
  database = await testDatabase();
  project = await testProject(database, "here", "demo");
});
afterAll(() => database.close());

const flavor = (vcpus: number) => ({ id: "f1", name: "m1.small", vcpus, ram: 2048, disk: 20 });
const versionNow = async () => {
  const shelf = { site_project_id: project.id, kind: "servers" } as const;
  return (await readerState(database.pool, shelf)).around_version;
};

test("what servers point to is read once, and again when any of it changed", async () => {
  await testReading(database, project, "flavors", [flavor(1)]);
  const surroundings = createSurroundings(database.pool, project);
  const at_first = await surroundings.read("servers");
  expect(at_first.flavors.get("m1.small")).toMatchObject({ id: "f1", vcpus: 1, ram_mb: 2048 });
  expect(await surroundings.read("servers", await versionNow())).toBe(at_first);
  await testReading(database, project, "flavors", [flavor(2)]);
  const later = await surroundings.read("servers", await versionNow());
  expect(later.flavors.get("f1")).toMatchObject({ vcpus: 2 });
  expect(await surroundings.read("servers", await versionNow())).toBe(later);
});

test("where there is nothing to point to, that is known, too", async () => {
  project = await testProject(database, "empty", "demo");
  const surroundings = createSurroundings(database.pool, project);
  await surroundings.read("servers");
  const nothing = await surroundings.read("servers", await versionNow());
  expect(nothing).toMatchObject({ flavors: new Map(), images: new Map() });
  expect(await surroundings.read("servers", await versionNow())).toBe(nothing);
});
