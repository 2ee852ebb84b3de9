import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecoveryPoint } from "../point/recovery-point.ts";
import { applyRetention } from "./retention.ts";

const pointAt = (taken_at: string): RecoveryPoint => ({
  id: taken_at,
  taken_at,
  labels: {},
  description: null,
  disks: [],
});
const keptOf = (instants: string[], rules: Parameters<typeof applyRetention>[1]) =>
  applyRetention(instants.map(pointAt), rules).keep.map(({ taken_at }) => taken_at);

test("the newest of each day is kept, as many days as were asked for", () => {
  const instants = ["2026-03-01T01:00Z", "2026-03-01T23:00Z", "2026-03-02T12:00Z", "2026-03-05T00:00Z"];
  expect(keptOf(instants, { daily: 2 })).toEqual(["2026-03-05T00:00Z", "2026-03-02T12:00Z"]);
  expect(keptOf(instants, { daily: 9 })).toEqual([
    "2026-03-05T00:00Z",
    "2026-03-02T12:00Z",
    "2026-03-01T23:00Z",
  ]);
});

test("rules add up, and one recovery point can serve several", () => {
  const instants = ["2024-12-31T10:00Z", "2025-06-30T10:00Z", "2025-12-31T10:00Z", "2026-01-01T10:00Z"];
  expect(keptOf(instants, { last: 1, yearly: 3 })).toEqual([
    "2026-01-01T10:00Z",
    "2025-12-31T10:00Z",
    "2024-12-31T10:00Z",
  ]);
});

test("weeks begin on Mondays, also over the turn of a year", () => {
  const instants = ["2025-12-29T00:00:00Z", "2026-01-04T23:00:00Z", "2026-01-05T00:00:00Z"];
  expect(keptOf(instants, { weekly: 5 })).toEqual(["2026-01-05T00:00:00Z", "2026-01-04T23:00:00Z"]);
});

test("rules that keep nothing, or that make no sense, are refused", () => {
  expect(() => applyRetention([], {})).toThrow("keep nothing");
  expect(() => applyRetention([], { last: 0 })).toThrow("keep nothing");
  expect(() => applyRetention([], { last: -1 })).toThrow("last is -1");
});

test("the newest is always kept, nothing is both kept and forgotten, and applying the rules again forgets nothing", () => {
  const instant = fc.date({ min: new Date("2020-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
  const count = fc.integer({ min: 0, max: 5 });
  const rules = fc.record({
    last: count,
    hourly: count,
    daily: count,
    weekly: count,
    monthly: count,
    yearly: count,
  });
  fc.assert(
    fc.property(fc.array(instant, { minLength: 1 }), rules, (instants, wanted) => {
      fc.pre(Object.values(wanted).some((value) => value > 0));
      const points = instants.map((at) => pointAt(at.toISOString()));
      const { keep, forget } = applyRetention(points, wanted);
      expect(keep.length + forget.length).toBe(points.length);
      expect(keep[0]?.taken_at).toBe(
        points
          .map(({ taken_at }) => taken_at)
          .toSorted()
          .at(-1),
      );
      expect(applyRetention(keep, wanted).forget).toEqual([]);
    }),
  );
});
