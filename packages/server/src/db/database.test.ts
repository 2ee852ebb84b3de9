import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { testDatabase, testDatabaseUrl } from "./testing.ts";

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("a notification reaches every listener of its channel and nobody else", async () => {
  const heard: string[] = [];
  const both = Promise.withResolvers<void>();
  const note = (by: string) => (payload: string) => {
    heard.push(`${by}:${payload}`);
    if (heard.length === 2) both.resolve();
  };
  await database.listen("job", note("first"));
  await database.listen("job", note("second"));
  await database.listen("other", note("stranger"));
  await database.notify("job", "42");
  await both.promise;
  expect(heard.toSorted()).toEqual(["first:42", "second:42"]);
});

test("a listener hears again after its connection was cut, and is told that it missed some", async () => {
  const missed = Promise.withResolvers<void>();
  const heard = Promise.withResolvers<string>();
  await database.listen("cut", heard.resolve, missed.resolve);
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
  );
  await missed.promise;
  await database.notify("cut", "again");
  expect(await heard.promise).toBe("again");
});

test("sizes come back as numbers and instants as ISO 8601 in UTC", async () => {
  const { rows } = await database.pool.query(
    "select 5368709120::bigint as size_bytes, timestamptz '2026-11-22 17:50:00.5+02' as at",
  );
  expect(rows).toEqual([{ size_bytes: 5_368_709_120, at: "2026-11-22T15:50:00.500Z" }]);
});

test("several servers may open and migrate one empty database at the same time", async () => {
  const url = await testDatabaseUrl("empty");
  const opened = await Promise.all([1, 2, 3].map(() => openDatabase({ url })));
  for (const one of opened) {
    const { rows } = await one.pool.query("select to_regclass('jobs') is not null as there");
    expect(rows).toEqual([{ there: true }]);
  }
  for (const one of opened) await one.close();
});

test("a second server on the data directory of a running one is refused, and disturbs nothing", async () => {
  const data_dir = await mkdtemp(join(tmpdir(), "uniview-claim-"));
  const first = await openDatabase({ data_dir });
  await expect(openDatabase({ data_dir })).rejects.toThrow(/Another Uniview runs on the data directory/);
  const { rows } = await first.pool.query("select 1 as n");
  expect(rows).toEqual([{ n: 1 }]);
  await first.close();
  await rm(data_dir, { recursive: true });
});

test("without a URL and a directory it says what to set", async () => {
  await expect(openDatabase({})).rejects.toThrow(/set DATABASE_URL/);
});
