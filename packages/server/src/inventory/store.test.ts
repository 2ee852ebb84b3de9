import type { ProblemDetail } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import type { Shelf } from "./shelf.ts";
import { failReading, finishReading, readerState, readerStates } from "./store.ts";
import { testProject } from "./testing.ts";

let database: Database;
let here: string;
let there: string;

beforeAll(async () => {
  database = await testDatabase();
  here = (await testProject(database, "here", "demo")).id;
  there = (await testProject(database, "there", "demo")).id;
});
afterAll(() => database.close());

const PROBLEM: ProblemDetail = { type: "t", title: "t", status: 502, detail: "d" };
const ENDED = { began_at: "2026-11-22T10:00:00.000Z", duration_ms: 7, changes_since: null };

test("what was noted of many projects comes at once, and is what each of their kinds has", async () => {
  const servers: Shelf = { site_project_id: here, kind: "servers" };
  const volumes: Shelf = { site_project_id: here, kind: "volumes" };
  const changes_since = "2026-11-22T09:00:00.000Z";
  await finishReading(database.kysely, servers, { ...ENDED, changes_since, all_ids: [] });
  await failReading(database.kysely, volumes, PROBLEM);
  const stateOf = await readerStates(database.pool, [here, there]);
  for (const shelf of [servers, volumes, { ...servers, site_project_id: there }]) {
    const { around_version, ...state } = await readerState(database.pool, shelf);
    expect(around_version).toBe("0:");
    expect(stateOf(shelf)).toEqual(state);
  }
  expect(stateOf(servers)).toMatchObject({ as_of: ENDED.began_at, changes_since, failing: false });
  expect(stateOf(volumes)).toMatchObject({ as_of: null, failing: true });
});

test("a first reading counts what it saw, each once, and ends what failed before", async () => {
  const shelf: Shelf = { site_project_id: there, kind: "servers" };
  await failReading(database.kysely, shelf, PROBLEM);
  const finished = { ...ENDED, all_ids: ["a", "b", "a"], is_first: true };
  expect(await finishReading(database.kysely, shelf, finished)).toEqual([]);
  const { rows } = await database.pool.query(
    "select rows, duration_ms, problem from reader_state where site_project_id = $1",
    [there],
  );
  expect(rows).toEqual([{ rows: 2, duration_ms: 7, problem: null }]);
  expect(await readerState(database.pool, shelf)).toMatchObject({
    as_of: ENDED.began_at,
    last_full_at: ENDED.began_at,
    failing: false,
  });
});
