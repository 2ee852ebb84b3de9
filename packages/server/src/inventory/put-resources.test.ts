import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import { draftRows } from "./draft-rows.ts";
import { NORMALISE } from "./normalise/index.ts";
import { pageOf } from "./page/read-page.ts";
import { digestOf } from "./page/read-rows.ts";
import { addPage } from "./put-resources.ts";
import type { Shelf } from "./shelf.ts";
import { noteOfFirst, readerState } from "./store.ts";
import { writeDown } from "./stored.ts";
import { serverBody, testProject, testRows } from "./testing.ts";

let database: Database;
let shelf: Shelf;

beforeAll(async () => {
  database = await testDatabase();
  shelf = { site_project_id: (await testProject(database, "here", "demo")).id, kind: "servers" };
});
afterAll(() => database.close());

const BEGAN_AT = "2026-11-22T10:00:00.000Z";

function newPage(bodies: readonly Record<string, unknown>[]) {
  const around = { project_id: "p", flavors: new Map(), images: new Map(), networks: new Map() };
  const stored = bodies.flatMap((body) => NORMALISE.servers({ ...body }, around) ?? []);
  const written = testRows(stored.map((row) => writeDown(row)));
  const digest = { ...digestOf(written.rows), gone: [], newest_ms: 0 };
  return pageOf(digest, written, written.rows, draftRows(shelf, written, written.rows, BEGAN_AT), []);
}

const noteOf = (page: ReturnType<typeof newPage>, changes_since: string) =>
  noteOfFirst(shelf, { began_at: BEGAN_AT, duration_ms: 7, changes_since }, page.digest.ids);

const stored = async () =>
  (await database.pool.query("select name from resources order by name")).rows.map(({ name }) => name);

test("new rows and how their reading ended are written together, or not at all", async () => {
  const known = serverBody("known");
  const page = newPage([known, serverBody("new")]);
  expect(await addPage(database.pool, page, noteOf(page, "2026-11-22T09:00:00.000Z"))).toBe(true);
  const state = await readerState(database.pool, shelf);
  expect(state).toMatchObject({ as_of: BEGAN_AT, changes_since: "2026-11-22T09:00:00.000Z" });
  const { rows } = await database.pool.query("select rows from reader_state");
  expect(rows).toEqual([{ rows: 2 }]);
  expect(await stored()).toEqual(["known", "new"]);

  const met = newPage([serverBody("newer"), known]);
  expect(await addPage(database.pool, met, noteOf(met, "2026-11-22T09:30:00.000Z"))).toBe(false);
  expect(await readerState(database.pool, shelf)).toEqual(state);
  expect(await stored()).toEqual(["known", "new"]);
});
