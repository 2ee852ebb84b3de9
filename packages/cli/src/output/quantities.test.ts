import { expect, test } from "vitest";
import { count, formatAge, formatBytes, formatDuration } from "./quantities.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [20 * 1024 ** 3, "20 GiB"],
  [123.4 * 1024 ** 2, "123 MiB"],
])("%d bytes are written %s", (bytes, written) => {
  expect(formatBytes(bytes)).toBe(written);
});

test.each([
  [0, "0s"],
  [75, "1m 15s"],
  [3600, "1h"],
  [90_061, "1d 1h"],
])("a duration of %d s is written %s", (duration_s, written) => {
  expect(formatDuration(duration_s)).toBe(written);
});

test("an age has one unit, and what never was says so", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  expect(formatAge("2026-11-22T11:59:48Z", now)).toBe("12s ago");
  expect(formatAge("2026-11-22T09:00:00Z", now)).toBe("3h ago");
  expect(formatAge("2026-11-22T12:00:05Z", now)).toBe("0s ago"); // the clocks of two machines
  expect(formatAge(null, now)).toBe("never");
});

test("one thing has no plural", () => {
  expect(count(1, "server")).toBe("1 server");
  expect(count(2048, "server")).toBe("2,048 servers");
});
