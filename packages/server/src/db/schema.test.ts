import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { testDatabaseUrl } from "./testing.ts";

// Every change of the schema shows as text in the change that makes it. The durable engine's own schema is not ours.

let database: Database;

beforeAll(async () => {
  database = await openDatabase({ url: await testDatabaseUrl() });
});

afterAll(() => database?.close());

const TABLES = `
  select c.oid, c.relname as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname`;
const COLUMNS = `
  select format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then ' not null' else '' end,
    coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attname`;
const CONSTRAINTS = `
  select format('  constraint %I %s', conname, pg_get_constraintdef(oid)) as line from pg_constraint
  where conrelid = $1 and contype <> 'n' order by conname`;
const INDEXES = `
  select pg_get_indexdef(indexrelid) || ';' as line from pg_index
  where indrelid = $1 and not exists (select from pg_constraint where conindid = indexrelid)
  order by indexrelid::regclass::text`;
const TRIGGERS = `
  select pg_get_triggerdef(oid) || ';' as line from pg_trigger where tgrelid = $1 and not tgisinternal
  order by tgname`;

async function describeSchema(pool: pg.Pool): Promise<string> {
  const { rows: tables } = await pool.query<{ oid: number; name: string }>(TABLES);
  const lines = async (query: string, oid: number) =>
    (await pool.query<{ line: string }>(query, [oid])).rows.map(({ line }) => line);
  const described: string[] = [];
  for (const { oid, name } of tables) {
    const inside = [...(await lines(COLUMNS, oid)), ...(await lines(CONSTRAINTS, oid))];
    const beside = [...(await lines(INDEXES, oid)), ...(await lines(TRIGGERS, oid))];
    described.push([`create table ${name} (\n${inside.join(",\n")}\n);`, ...beside].join("\n"));
  }
  return `${described.join("\n\n")}\n`;
}

test("the schema that is checked in is the one that the migrations make (after a change: vitest -u)", async () => {
  await expect(await describeSchema(database.pool)).toMatchFileSnapshot("schema.sql");
});
