import { afterAll, beforeAll, expect, test } from "vitest";
import { copyIn, copyText } from "./copy-in.ts";
import { type Database, openDatabase } from "./database.ts";
import { testDatabaseUrl } from "./testing.ts";

let database: Database;

beforeAll(async () => {
  database = await openDatabase({ url: await testDatabaseUrl() });
  await database.pool.query("create table copied (at int primary key, text text)");
});
afterAll(() => database.close());

const line = (at: number, text: string | null) => Buffer.from(`${at}\t${copyText(text)}\n`);

test("texts come out as they went in, whatever signs they hold", async () => {
  const texts = ["", "plain", "a\tb\nc\\d\r", "\\N", "\\.", '{"json":"\\n\\u0041"}', "ünï\u{1f600}", null];
  const client = await database.pool.connect();
  try {
    await copyIn(
      client,
      "copy copied (at, text) from stdin",
      texts.map((text, at) => line(at, text)),
    );
  } finally {
    client.release();
  }
  const { rows } = await database.pool.query("select text from copied order by at");
  expect(rows.map(({ text }) => text)).toEqual(texts);
});

test("a row that is refused stores none, and the connection goes on", async () => {
  const client = await database.pool.connect();
  try {
    const copied = copyIn(client, "copy copied (at, text) from stdin", [
      line(100, "new"),
      line(0, "there already"),
    ]);
    await expect(copied).rejects.toMatchObject({ code: "23505" });
    const { rows } = await client.query("select count(*) as count from copied where at = 100");
    expect(rows[0].count).toBe(0);
  } finally {
    client.release();
  }
});
