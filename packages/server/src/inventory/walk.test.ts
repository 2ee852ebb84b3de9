import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import { type GrantedReading, grantedReadings } from "./granted.ts";
import { orderBy, parseSort } from "./sort.ts";
import { serverBody, testGrant, testProject, testReading, testUser } from "./testing.ts";
import { walkBlocks } from "./walk.ts";

const SITES = 20;
const LIMIT = 5;

let database: Database;
let granted: GrantedReading[];

/** Each site has one block, from `app` to `zoo`; one `app` of each is in the rack, and one `zoo` of all. */
beforeAll(async () => {
  database = await testDatabase();
  const user = await testUser(database, "walker");
  for (let site = 0; site < SITES; site += 1) {
    const project = await testProject(database, `site-${site}`, "demo");
    await testGrant(database, user, project);
    const nameOf = (role: string, at: number) => `${role}-${String(site).padStart(2, "0")}-${at}`;
    const names = Array.from({ length: 30 }, (_, at) => nameOf(at < 28 ? "app" : "zoo", at));
    const isInRack = (name: string) => name === nameOf("app", 3) || name === "zoo-00-28";
    const bodies = names.map((name) =>
      serverBody(name, { id: randomUUID(), tags: [isInRack(name) ? "rack-7" : "rack-1"] }),
    );
    await testReading(database, project, "servers", bodies);
  }
  granted = await grantedReadings(database.kysely, user.user_id, "servers");
});
afterAll(() => database.close());

test("a row at the far end of a block that begins early does not bound the page", async () => {
  const walk = walkBlocks({
    column: "name",
    sort_key: parseSort("name"),
    granted,
    cursor: undefined,
    limit: LIMIT,
    by: orderBy("name", granted),
    matches: sql`r.search like '%rack-7%'`,
    wanted: sql`true`,
  });
  const { rows } = await sql<{ id: string }>`
    with b as materialized (select b.id, b.rows, ${walk.columns} from search_blocks b where b.kind = 'servers'),
      ${walk.steps}
    ${walk.blocks}`.execute(database.kysely);
  expect(rows.length).toBeGreaterThanOrEqual(LIMIT + 1);
  expect(rows.length).toBeLessThan(SITES / 2);
});
