import { afterAll, beforeAll, expect, test } from "vitest";
import { ArrayValues, parametersOf } from "./array-values.ts";
import { type Database, openDatabase } from "./database.ts";
import { testDatabaseUrl } from "./testing.ts";

let database: Database;

beforeAll(async () => {
  database = await openDatabase({ url: await testDatabaseUrl() });
});
afterAll(() => database.close());

test("values of arrays come out as they went in, and room is made where too little was given", async () => {
  const texts = ["", "a\tb\nc\\d", null, '{"json":"\\u0041"}', '{a,"b"}', "NULL", "ünï\u{1f600}"];
  const moments = [null, 0, Date.UTC(2026, 10, 22, 1, 2, 3, 4), 1, 2, 3, 4];
  const arrays = new ArrayValues(1);
  arrays.begin("text", texts.length);
  for (const text of texts) arrays.values.text(text);
  arrays.begin("json", texts.length);
  for (const text of texts) arrays.values.text(JSON.stringify({ text }));
  arrays.begin("timestamptz", moments.length);
  for (const moment of moments) arrays.values.instant(moment);
  arrays.begin("varbit", texts.length);
  for (const at of texts.keys()) arrays.values.bits(Buffer.from([0x80, at]));
  const { rows } = await database.pool.query(
    `select text, json, moment, bits::bit(16)::text as bits
      from unnest($1::text[], $2::json[], $3::timestamptz[], $4::varbit[]) as one (text, json, moment, bits)`,
    parametersOf(arrays.end()),
  );
  expect(rows).toEqual(
    texts.map((text, at) => {
      const moment_ms = moments[at] ?? null;
      const moment = moment_ms === null ? null : new Date(moment_ms).toISOString();
      return { text, json: { text }, moment, bits: `10000000${at.toString(2).padStart(8, "0")}` };
    }),
  );
});
