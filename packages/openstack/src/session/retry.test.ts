import { expect, test } from "vitest";
import { isRepeatable, isWorthRepeating, pauseBefore, readRetryAfter } from "./retry.ts";

test("only what does no harm twice is repeated after a lost answer", () => {
  expect(isRepeatable("GET", undefined)).toBe(true);
  expect(isRepeatable("DELETE", undefined)).toBe(true);
  expect(isRepeatable("POST", undefined)).toBe(false);
  expect(isRepeatable("POST", true)).toBe(true);
  expect(isRepeatable("GET", false)).toBe(false);
});

test("a limiter's 429 is asked again with any method, a proxy's 502 only where it does no harm", () => {
  expect(isWorthRepeating(429, false, undefined)).toBe(true);
  expect(isWorthRepeating(502, false, undefined)).toBe(false);
  expect(isWorthRepeating(502, true, undefined)).toBe(true);
  expect(isWorthRepeating(503, false, 1000)).toBe(true);
  expect(isWorthRepeating(503, false, undefined)).toBe(false);
  expect(isWorthRepeating(500, true, undefined)).toBe(false);
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(readRetryAfter("7", now)).toBe(7000);
  expect(readRetryAfter("Thu, 01 Jan 2026 00:00:30 GMT", now)).toBe(30_000);
  expect(readRetryAfter("Wed, 31 Dec 2025 00:00:30 GMT", now)).toBe(0);
  expect(readRetryAfter("soon", now)).toBeUndefined();
  expect(readRetryAfter(undefined, now)).toBeUndefined();
});

test("the site's wish for a pause goes before our own", () => {
  expect(pauseBefore(1, 7000)).toBe(7000);
  expect(pauseBefore(1, undefined)).toBeLessThanOrEqual(250);
  expect(pauseBefore(20, undefined)).toBeLessThanOrEqual(30_000);
});
