import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import type { Principal } from "../http/principal.ts";
import type { KnownProject } from "../sites/service.ts";
import { chooseGranted } from "./conditions.ts";
import { readCursor } from "./cursor.ts";
import { type GrantedReading, grantedReadings } from "./granted.ts";
import { type ListEffort, listPage, type StoredRow } from "./list.ts";
import { NORMALISE } from "./normalise/index.ts";
import { END } from "./normalise/search-text.ts";
import { putResources } from "./put-resources.ts";
import { renewBlocks } from "./renew-blocks.ts";
import { parseSearch, type SearchTerm } from "./search-terms.ts";
import { parseSort } from "./sort.ts";
import { dropResources } from "./store.ts";
import { writeDown } from "./stored.ts";
import { serverBody, testGrant, testPage, testProject, testReading, testUser } from "./testing.ts";

const ROLES = ["web", "db", "Cache", "büro", "app"];
const PER_SITE = 320;

let database: Database;
let user: Principal;
let projects: KnownProject[];
let granted: GrantedReading[];
/** What is stored, as the lists see it. */
const stored = new Map<string, { name: string; status: string; search: string; site: string; id: string }>();

const bodyOf = (site: string, at: number) => {
  const role = ROLES[at % ROLES.length];
  return serverBody(`${role}-${at % 7 === 0 ? "x" : at}`, {
    id: randomUUID(),
    status: at % 9 === 0 ? "SHUTOFF" : "ACTIVE",
    updated: `2026-11-02T1${at % 6}:00:${10 + (at % 7)}Z`,
    tags: [`rack-${at % 11}`],
    addresses: { [at % 2 ? "blue" : "red"]: [{ addr: `10.${site.length}.${at >> 8}.${at & 255}` }] },
  });
};

const remember = (project: KnownProject, body: Record<string, unknown>) => {
  const around = { project_id: "p", flavors: new Map(), images: new Map(), networks: new Map() };
  const row = NORMALISE.servers(body, around);
  if (!row) throw new Error("no server");
  const { id, name, status, search } = row;
  stored.set(id, { id, name, status: status ?? "", search, site: project.site });
  return writeDown(row);
};

beforeAll(async () => {
  database = await testDatabase();
  user = await testUser(database, "searcher");
  projects = [await testProject(database, "north", "demo"), await testProject(database, "southern", "demo")];
  for (const project of projects) {
    await testGrant(database, user, project);
    const bodies = Array.from({ length: PER_SITE }, (_, at) => bodyOf(project.site, at));
    await testReading(database, project, "servers", bodies);
    for (const body of bodies) remember(project, body);
  }
  const hidden = await testProject(database, "hidden", "demo");
  await testReading(
    database,
    hidden,
    "servers",
    Array.from({ length: 50 }, (_, at) => bodyOf("hidden", at)),
  );
  granted = await grantedReadings(database.kysely, user.user_id, "servers");
});
afterAll(() => database.close());

/** The whole language once more, as a filter in memory. */
function matches({ field, value, exclude }: SearchTerm, id: string): boolean {
  const row = stored.get(id);
  if (!row) return false;
  const marks = { flavor: "\u0001", image: "\u0002", network: "\u0003" } as const;
  const lines = row.search.split(END);
  const holds = () => {
    if (field === null) return row.search.includes(value);
    if (field === "site") return row.site === value;
    if (field === "status") return row.status.toLowerCase() === value;
    if (field === "name") return row.name.toLowerCase().includes(value);
    if (field === "id") return row.id.startsWith(value);
    if (field === "project") return value === "demo";
    return lines.some((line) => line.startsWith(marks[field]) && line.slice(1).includes(value));
  };
  return holds() !== exclude;
}

/** Follows the pages to the end. */
async function listAll(q: string, sort: string, limit: number, effort?: ListEffort): Promise<StoredRow[]> {
  const terms = parseSearch(q);
  const found: StoredRow[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listPage(
      database.kysely,
      {
        kind: "servers",
        granted: chooseGranted(granted, terms),
        terms,
        sort,
        sort_key: parseSort(sort),
        limit,
        cursor: cursor === undefined ? undefined : readCursor(cursor, sort),
        once: false,
      },
      effort,
    );
    if (!effort)
      expect(page.total.exact ? page.total.count : 641).toBe(page.total.exact ? expected(terms).length : 641);
    found.push(...page.rows);
    cursor = page.next_cursor;
    if (cursor === undefined) return found;
  }
}

const expected = (terms: readonly SearchTerm[]) =>
  [...stored.keys()].filter((id) => terms.every((term) => matches(term, id)));

/** Walks and estimates at once: as with a hundred thousand rows. */
const LITTLE: ListEffort = { max_looked_at: -1 };

const piece = fc.oneof(
  fc.constantFrom(
    "web",
    "cache",
    "büro",
    "rack-1",
    "10.5.",
    "active",
    "x",
    "zz",
    "e",
    "4a",
    "blue",
    "m1.small",
    "-",
  ),
  fc.nat(PER_SITE - 1).map((at) => String(at)),
  fc
    .tuple(fc.nat(639), fc.nat(30), fc.integer({ min: 2, max: 12 }))
    .map(([at, from, length]) => ({ at, from, length })),
);
const field = fc.constantFrom(
  "",
  "",
  "",
  "name:",
  "id:",
  "status:",
  "network:",
  "flavor:",
  "site:",
  "-",
  "-network:",
);

/** What a list is in the order of, as bytes: code points are compared as such. */
function keyOf({ name, status, created_at, updated_at, site_project_id }: StoredRow, sort: string): Buffer {
  const site = projects.find(({ id }) => id === site_project_id)?.site ?? "";
  const firsts: Readonly<Record<string, string | null>> = { status, created_at, updated_at, site };
  return Buffer.from(`${firsts[sort]?.toLowerCase() ?? ""}\0${name.toLowerCase()}`);
}

test("whatever is looked for, in every sort and page size, the pages hold what a filter in memory finds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, piece), { minLength: 1, maxLength: 2 }),
      fc.constantFrom(
        "name",
        "-name",
        "site",
        "-site",
        "project_name",
        "status",
        "-status",
        "created_at",
        "-updated_at",
      ),
      fc.constantFrom(50, 200),
      fc.boolean(),
      async (parts, sort, limit, little) => {
        const words = parts.map(([of, what]) => {
          const id =
            typeof what === "string"
              ? what
              : [...stored.keys()][what.at]?.slice(what.from, what.from + what.length);
          return `${of}"${id?.replaceAll('"', "") ?? ""}"`;
        });
        const q = words.join(" ");
        const found = await listAll(q, sort, limit, little ? LITTLE : undefined);
        const ids = found.map(({ id }) => id);
        expect(new Set(ids).size, q).toBe(ids.length);
        expect(ids.toSorted(), q).toEqual(expected(parseSearch(q)).toSorted());
        const keys = found.map((row) => keyOf(row, sort.replace("-", "")));
        const sorted = keys.toSorted(Buffer.compare);
        expect(keys, sort).toEqual(sort.startsWith("-") ? sorted.reverse() : sorted);
      },
    ),
    { numRuns: 60 },
  );
});

test("an estimate of what is everywhere is near", async () => {
  const terms = parseSearch("rack");
  const { total } = await listPage(
    database.kysely,
    {
      kind: "servers",
      granted,
      terms,
      sort: "name",
      sort_key: parseSort("name"),
      limit: 10,
      cursor: undefined,
      once: false,
    },
    LITTLE,
  );
  expect(total).toEqual({ count: 640, exact: false });
});

test("after changes, removals and newcomers everything is found by its new words, also in renewed blocks", async () => {
  const [project] = projects;
  if (!project) throw new Error("no project");
  const shelf = { site_project_id: project.id, kind: "servers" } as const;
  const mine = [...stored.values()].filter(({ site }) => site === project.site);
  const blocks = async () =>
    (
      await database.pool.query("select id, stale_rows from search_blocks where site_project_id = $1", [
        project.id,
      ])
    ).rows as { id: number; stale_rows: number }[];
  const before = await blocks();
  const gone = mine.slice(0, 200);
  await dropResources(
    database.kysely,
    shelf,
    gone.map(({ id }) => id),
  );
  for (const { id } of gone) stored.delete(id);
  const changed = mine
    .slice(200, 260)
    .map(({ id }, at) => serverBody(`renamed-${at}`, { id, tags: [`quartz-${at}`] }));
  const fresh = [serverBody("newcomer", { tags: ["obsidian"] })];
  const rows = [...changed, ...fresh].map((body) => remember(project, body));
  expect(await putResources(database.pool, shelf, testPage(rows), new Date().toISOString())).toHaveLength(61);
  const check = async () => {
    for (const q of ["quartz-7", "obsidian", "renamed", "newcomer", "rack-3", "name:renamed-5"]) {
      for (const sort of ["name", "-status", "status"]) {
        const found = (await listAll(q, sort, 50, LITTLE)).map(({ id }) => id);
        expect(found.toSorted(), `${q} by ${sort}`).toEqual(expected(parseSearch(q)).toSorted());
      }
    }
  };
  await check();
  await renewBlocks(database.pool, shelf);
  const after = await blocks();
  expect(after.length).toBeLessThan(before.length);
  expect(after.every(({ stale_rows }) => stale_rows === 0)).toBe(true);
  await check();
  await renewBlocks(database.pool, shelf);
  expect(await blocks()).toEqual(after);
});

test("two readings that bring the same new servers at the same moment both end, and each server is there once", async () => {
  const [project] = projects;
  if (!project) throw new Error("no project");
  const shelf = { site_project_id: project.id, kind: "servers" } as const;
  const bodies = Array.from({ length: 100 }, (_, at) => serverBody(`meeting-${at}`));
  const rows = bodies.map((body) => remember(project, body));
  const seen_at = new Date().toISOString();
  const written = await Promise.all([
    putResources(database.pool, shelf, testPage(rows), seen_at),
    putResources(database.pool, shelf, testPage(rows.toReversed()), seen_at),
  ]);
  expect(written.flat()).toHaveLength(100);
  expect(await listAll("meeting", "name", 50)).toHaveLength(100);
});
