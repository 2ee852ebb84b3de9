import { expect, test } from "vitest";
import { ageText, instantText, secondsBetween } from "./ages.ts";

const now = Date.parse("2026-11-22T15:00:00Z");
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();

test("an age is one number with its unit, rounded down", () => {
  expect(
    [1, 12, 59, 60, 3599, 3600, 86_399, 8 * 86_400, 200 * 86_400, 900 * 86_400].map((s) =>
      ageText(before(s), now),
    ),
  ).toEqual([
    "just now",
    "12 s ago",
    "59 s ago",
    "1 min ago",
    "59 min ago",
    "1 h ago",
    "23 h ago",
    "8 d ago",
    "6 months ago",
    "2 years ago",
  ]);
});

test("what is yet to come is said to come", () => {
  expect(ageText(before(-3 * 86_400), now)).toBe("in 3 d");
});

test("hovering shows the instant in UTC", () => {
  expect(instantText("2026-11-22T15:04:05.678Z")).toBe("2026-11-22 15:04:05 UTC");
});

test("clocks that differ make no negative span", () => {
  expect(secondsBetween("2026-11-22T15:00:05Z", now)).toBe(0);
  expect(secondsBetween("2026-11-22T14:59:00Z", now)).toBe(60);
});
