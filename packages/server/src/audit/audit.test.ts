import { endpoints } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";

let server: TestServer;
let ada: TestUser;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.user("ada");
});
afterAll(() => server.close());

const check = (query: { expected?: string } = {}) =>
  server.administrator.client.call(endpoints.verifyAudit, { query });

test("every change is written down with who asked and how it went, also a refused one", async () => {
  await ada.client.call(endpoints.createToken, { body: { name: "ci" } });
  await server.ask("POST", "/users", { token: ada.token, body: { name: "eve", password: "long enough" } });
  const { items } = await ada.client.call(endpoints.listAudit, { query: { limit: 2 } });
  expect(items).toMatchObject([
    { actor_name: "ada", action: "createToken", object: "/api/v1/tokens", outcome: "201" },
    { actor_name: "ada", action: "createToken" },
  ]);
  expect(JSON.stringify(items)).not.toContain("long enough");
});

test("users see their own changes only, administrators everybody's", async () => {
  const bob = await server.user("bob");
  const mine = await bob.client.call(endpoints.listAudit, { query: { limit: 100 } });
  expect(new Set(mine.items.map((row) => row.actor_name))).toEqual(new Set(["bob"]));
  const all = await server.administrator.client.call(endpoints.listAudit, {
    query: { limit: 1, actor: "ada" },
  });
  expect(all.items).toMatchObject([{ actor_name: "ada" }]);
  const next = await server.administrator.client.call(endpoints.listAudit, {
    query: { limit: 1, actor: "ada", cursor: all.next_cursor ?? "" },
  });
  expect(next.items[0]?.seq).toBeLessThan(all.items[0]?.seq ?? 0);
});

test("the database refuses to change a row or to let one go", async () => {
  for (const change of [
    "update audit_log set outcome = '200'",
    "delete from audit_log",
    "truncate audit_log",
  ]) {
    await expect(server.database.pool.query(change)).rejects.toThrow("only ever added to");
  }
});

test("a row that was changed past that, removed or cut off is found by the check", async () => {
  const before = await check();
  expect(before).toMatchObject({ ok: true, broken_at: null });
  const { pool } = server.database;
  const tamper = async (sql: string, undo: string, query: { expected?: string } = {}) => {
    const client = await pool.connect();
    try {
      await client.query("alter table audit_log disable trigger audit_log_only_grows");
      await client.query("create temporary table kept as select * from audit_log");
      await client.query(sql);
      const found = await check(query);
      await client.query(undo);
      await client.query("drop table kept");
      return found;
    } finally {
      await client.query("alter table audit_log enable trigger audit_log_only_grows");
      client.release();
    }
  };
  const put_back = "delete from audit_log; insert into audit_log select * from kept";
  expect(await tamper("update audit_log set actor_name = 'nobody' where seq = 2", put_back)).toMatchObject({
    ok: false,
    count: 1,
    broken_at: 2,
  });
  expect(await tamper("delete from audit_log where seq = 3", put_back)).toMatchObject({ broken_at: 3 });
  const cut = `delete from audit_log where seq = ${before.count}`;
  expect(await tamper(cut, put_back)).toMatchObject({ ok: true, count: before.count - 1 });
  expect(await tamper(cut, put_back, { expected: before.head })).toMatchObject({ ok: false });
  expect(await check({ expected: before.head })).toMatchObject({ ok: true });
});

test("servers that write at once make one chain", async () => {
  const names = Array.from({ length: 20 }, (_, number) => `many-${number}`);
  await Promise.all(names.map((name) => ada.client.call(endpoints.createToken, { body: { name } })));
  expect(await check()).toMatchObject({ ok: true });
});
