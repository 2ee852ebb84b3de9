import { expect, test } from "vitest";
import { BinaryValues } from "./binary-values.ts";

const MICROSECONDS = 1000n;
const SINCE_2000 = BigInt(Date.UTC(2000, 0, 1));

test.each([
  "2026-11-23T01:02:03.004Z",
  "1999-12-31T23:59:59.999Z",
  "0001-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
])("%s is as many microseconds since 2000 as PostgreSQL counts", (instant) => {
  const values = new BinaryValues(1);
  const value_ms = Date.parse(instant);
  values.instant(value_ms);
  expect(values.bytes.readInt32BE(0)).toBe(8);
  expect(values.bytes.readBigInt64BE(4)).toBe((BigInt(value_ms) - SINCE_2000) * MICROSECONDS);
});

test("what was written elsewhere is taken over as it is, with its size or without", () => {
  const source = Buffer.from("before, value, after");
  const values = new BinaryValues(1);
  values.part(source, 8, 13);
  values.append(source, 0, 6);
  expect(values.bytes.subarray(0, values.at).toString("latin1")).toBe("\0\0\0\u0005valuebefore");
});
