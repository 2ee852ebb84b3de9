import { randomUUID } from "node:crypto";
import type { ProblemDetail } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import { draftChanges } from "./draft-changes.ts";
import { type GrantedReading, grantedReadings } from "./granted.ts";
import { listPage } from "./list.ts";
import { pastMeetings } from "./meeting.ts";
import { NORMALISE } from "./normalise/index.ts";
import { putChanges } from "./put-changes.ts";
import { renewBlocks } from "./renew-blocks.ts";
import { parseSearch } from "./search-terms.ts";
import type { Shelf } from "./shelf.ts";
import { parseSort } from "./sort.ts";
import { type EndedReading, failReading, readerState } from "./store.ts";
import { writeDown } from "./stored.ts";
import { serverBody, testGrant, testProject, testReading, testRows, testUser } from "./testing.ts";

type ServerBody = ReturnType<typeof serverBody>;

let database: Database;
let granted: GrantedReading[];
let shelf: Shelf;
const known = Array.from({ length: 100 }, (_, at) => serverBody(`known-${at}`, { tags: [`rack-${at}`] }));
const LATER = () => new Date(Date.now() + 60_000).toISOString();

beforeAll(async () => {
  database = await testDatabase();
  const user = await testUser(database, "reader");
  const project = await testProject(database, "here", "demo");
  await testGrant(database, user, project);
  await testReading(database, project, "servers", known);
  granted = await grantedReadings(database.kysely, user.user_id, "servers");
  shelf = { site_project_id: project.id, kind: "servers" };
});
afterAll(() => database.close());

function storedOf(body: ServerBody) {
  const around = { project_id: "p", flavors: new Map(), images: new Map(), networks: new Map() };
  const row = NORMALISE.servers(body, around);
  if (!row) throw new Error("no server");
  return writeDown(row);
}

const put = (bodies: readonly ServerBody[], seen_at = LATER(), ended?: EndedReading) => {
  const written = testRows(bodies.map(storedOf));
  return pastMeetings(() =>
    putChanges(database.pool, shelf, draftChanges(written, written.rows), seen_at, ended),
  );
};

async function found(q: string): Promise<string[]> {
  const request = {
    kind: "servers",
    granted,
    sort: "name",
    limit: 200,
    cursor: undefined,
    once: false,
  } as const;
  const { rows } = await listPage(database.kysely, {
    ...request,
    terms: parseSearch(q),
    sort_key: parseSort("name"),
  });
  return rows.map(({ name }) => name);
}

const changedBy = (at: number, fields: object): ServerBody => ({ ...known[at], ...fields }) as ServerBody;

async function filters(): Promise<Set<string>> {
  const { rows } = await database.pool.query("select md5(filter::text) as filter from search_blocks");
  return new Set(rows.map(({ filter }) => filter));
}

test("changed rows and new ones are written and found, others stay as they are", async () => {
  const newcomers = [serverBody("newcomer-a", { tags: ["obsidian"] }), serverBody("newcomer-b")];
  const changed = [
    changedBy(1, { name: "zz-renamed", tags: ["quartz"] }),
    changedBy(2, { status: "SHUTOFF" }),
  ];
  const ids = [...changed, ...newcomers].map((body) => body["id"] as string);
  const all = [changedBy(3, {}), ...changed, ...newcomers];
  expect((await put(all)).toSorted()).toEqual(ids.toSorted());
  const check = async () => {
    expect(await found("quartz")).toEqual(["zz-renamed"]);
    expect(await found("status:shutoff")).toEqual(["known-2"]);
    expect(await found("obsidian")).toEqual(["newcomer-a"]);
    expect(await found("newcomer")).toEqual(["newcomer-a", "newcomer-b"]);
    expect(await found("known-1")).toHaveLength(10);
    expect(await found("rack-3")).toHaveLength(11);
  };
  await check();
  const { rows } = await database.pool.query("select id, raw from resources where id = any($1)", [ids]);
  for (const { id, raw } of rows) {
    expect(JSON.parse(raw)).toEqual(all.find((body) => body["id"] === id));
  }
  expect(await put(all)).toEqual([]);
  await renewBlocks(database.pool, shelf);
  await check();
  const still_apart = "select name from resources where raw is not null order by name";
  expect((await database.pool.query(still_apart)).rows).toEqual([
    { name: "known-2" },
    { name: "zz-renamed" },
  ]);
});

test("an older answer overwrites nothing", async () => {
  await put([changedBy(10, { status: "PAUSED" })]);
  expect(await put([changedBy(10, { status: "SUSPENDED" })], "2026-01-01T00:00:00.000Z")).toEqual([]);
  expect(await found("status:paused")).toEqual(["known-10"]);
});

test("what changes no word leaves the filters alone", async () => {
  const before = await filters();
  const id = known[20]?.["id"];
  expect(await put([changedBy(20, { updated: "2026-11-03T00:00:00Z" })])).toEqual([id]);
  expect(await filters()).toEqual(before);
});

test("two readings that meet write each row once", async () => {
  const bodies = Array.from({ length: 30 }, (_, at) => serverBody(`meeting-${at}`, { id: randomUUID() }));
  const written = await Promise.all([put(bodies), put(bodies.toReversed())]);
  expect(written.flat()).toHaveLength(30);
  expect(await found("meeting")).toHaveLength(30);
});

test("how a reading of changes ended is noted with its last rows, and what failed before is over", async () => {
  await failReading(database.kysely, shelf, { type: "t", title: "t", status: 502 } as ProblemDetail);
  expect((await readerState(database.pool, shelf)).failing).toBe(true);
  const before = await readerState(database.pool, shelf);
  const bodies = [changedBy(30, { status: "ERROR" }), serverBody("one-more")];
  const began_at = LATER();
  const ended = { began_at, duration_ms: 7, changes_since: "2026-11-22T10:00:00.000Z" };
  expect(await put(bodies, began_at, ended)).toHaveLength(2);
  expect(await readerState(database.pool, shelf)).toEqual({
    ...before,
    as_of: began_at,
    changes_since: ended.changes_since,
    failing: false,
  });
  const { rows } = await database.pool.query(
    "select rows, (select count(*) from resources) as there from reader_state",
  );
  expect(rows).toEqual([{ rows: rows[0].there, there: rows[0].there }]);
});
