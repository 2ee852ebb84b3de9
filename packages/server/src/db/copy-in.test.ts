import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyIn } from "./copy-in.ts";
import { CopyRows, uuidBytes } from "./copy-rows.ts";
import { type Database, openDatabase } from "./database.ts";
import { testDatabaseUrl } from "./testing.ts";

const STATEMENT = "copy copied from stdin (format binary)";

let database: Database;

beforeAll(async () => {
  database = await openDatabase({ url: await testDatabaseUrl() });
  await database.pool.query(
    `create table copied (at int primary key, text text, big bigint, moment timestamptz, whose uuid, bits bit(16),
      bytes bytea)`,
  );
});
afterAll(() => database.close());

const WHOSE = randomUUID();

function addRow(rows: CopyRows, at: number, text: string | null, big = 0, moment_ms: number | null = null) {
  rows.beginRow();
  rows.integer(at);
  rows.text(text);
  rows.bigint(big);
  rows.instant(moment_ms);
  rows.binary(uuidBytes(WHOSE));
  rows.bits(Buffer.from([0x80, 0x03]));
  rows.binary(Buffer.from(text ?? ""));
}

async function copy(rows: CopyRows): Promise<void> {
  const client = await database.pool.connect();
  await copyIn(client, STATEMENT, rows.end()).finally(() => client.release());
}

test("values come out as they went in, and room is made where too little was given", async () => {
  const texts = ["", "plain", "a\tb\nc\\d\r", "\\N", "\\.", '{"json":"\\n\\u0041"}', "ünï\u{1f600}", null];
  const bigs = [0, 1, 2 ** 31, 2 ** 32, 2 ** 47 - 1, 2 ** 53 - 1, 7, 8];
  const moments = [
    null,
    -Infinity,
    Infinity,
    0,
    Date.UTC(2026, 10, 22, 1, 2, 3, 4),
    Date.parse("0001-01-01T00:00:00Z"),
    Date.parse("9999-12-31T23:59:59.999Z"),
    Date.UTC(2000, 0, 1) - 1,
  ];
  const rows = new CopyRows(7, 1);
  for (const [at, text] of texts.entries()) addRow(rows, at, text, bigs[at], moments[at]);
  await copy(rows);
  const { rows: found } = await database.pool.query(
    `select text, big, case when isfinite(moment) then (extract(epoch from moment) * 1000)::bigint::text
        else moment::text end as moment, whose, bits::text, convert_from(bytes, 'UTF8') as bytes
      from copied order by at`,
  );
  expect(found).toEqual(
    texts.map((text, at) => {
      const moment_ms = moments[at] ?? null;
      const moment = moment_ms === null ? null : String(moment_ms).toLowerCase();
      return { text, big: bigs[at], moment, whose: WHOSE, bits: "1000000000000011", bytes: text ?? "" };
    }),
  );
});

test("rows that take several messages arrive whole", async () => {
  const long = randomBytes(300_000).toString("base64");
  const rows = new CopyRows(7, 1000);
  addRow(rows, 1000, long);
  addRow(rows, 1001, "next");
  await copy(rows);
  const { rows: found } = await database.pool.query("select text from copied where at >= 1000 order by at");
  expect(found.map(({ text }) => text)).toEqual([long, "next"]);
});

test("a row that is refused stores none, and the connection goes on", async () => {
  const client = await database.pool.connect();
  try {
    const rows = new CopyRows(7, 1000);
    addRow(rows, 100, "new");
    addRow(rows, 0, "there already");
    await expect(copyIn(client, STATEMENT, rows.end())).rejects.toMatchObject({ code: "23505" });
    const { rows: found } = await client.query("select count(*) as count from copied where at = 100");
    expect(found[0].count).toBe(0);
  } finally {
    client.release();
  }
});

test("several copies are one transaction, with what is set for it", async () => {
  const client = await database.pool.connect();
  const rowsFrom = (...places: number[]) => {
    const rows = new CopyRows(7, 1000);
    for (const at of places) addRow(rows, at, "one of several");
    return rows.end();
  };
  const both = `set local application_name to 'copying'; ${STATEMENT}; ${STATEMENT}`;
  const found = "select at, xmin::text as by from copied where text = 'one of several' order by at";
  try {
    await expect(copyIn(client, both, rowsFrom(200), rowsFrom(201, 0))).rejects.toMatchObject({
      code: "23505",
    });
    expect((await client.query(found)).rows).toEqual([]);
    await copyIn(client, both, rowsFrom(200), rowsFrom(201));
    const { rows } = await client.query(found);
    expect(rows).toEqual([
      { at: 200, by: rows[0].by },
      { at: 201, by: rows[0].by },
    ]);
    const { rows: set } = await client.query("show application_name");
    expect(set[0].application_name).not.toBe("copying");
  } finally {
    client.release();
  }
});

test("a row that is refused early is told when the rest has left, too, and may be overwritten", async () => {
  const client = await database.pool.connect();
  const { connection } = client as unknown as { connection: { stream: { writableLength: number } } };
  try {
    const rows = new CopyRows(7, 1000);
    const long = randomBytes(100_000).toString("base64");
    addRow(rows, 0, "there already");
    // it looks for equals of a thousand rows at a time
    for (let at = 2000; at < 3050; at += 1) addRow(rows, at, at < 3000 ? "short" : long);
    await expect(copyIn(client, STATEMENT, rows.end())).rejects.toMatchObject({ code: "23505" });
    expect(connection.stream.writableLength).toBe(0);
  } finally {
    client.release();
  }
});

test("a connection that breaks on the way is told", async () => {
  const client = await database.pool.connect();
  const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } };
  const rows = new CopyRows(7, 1000);
  addRow(rows, 300, randomBytes(3_000_000).toString("base64"));
  const copied = copyIn(client, STATEMENT, rows.end());
  client.on("error", () => {});
  connection.stream.destroy(new Error("cut"));
  await expect(copied).rejects.toThrow("cut");
  client.release();
  expect((await database.pool.query("select from copied where at = 300")).rows).toEqual([]);
});
