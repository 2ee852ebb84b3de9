import { RatePlan } from "@uniview/api/mover";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rateAt } from "./rate-plan.ts";

const at = (instant: string) => Date.parse(instant);

test("outside of all windows the plan's own limit counts", () => {
  const plan = RatePlan.parse({
    limit_bytes_per_s: 10,
    windows: [{ from: "08:00", to: "18:00", limit_bytes_per_s: 5 }],
  });
  expect(rateAt(plan, at("2026-03-02T07:59:59Z"))).toBe(10);
  expect(rateAt(plan, at("2026-03-02T08:00:00Z"))).toBe(5);
  expect(rateAt(plan, at("2026-03-02T17:59:59Z"))).toBe(5);
  expect(rateAt(plan, at("2026-03-02T18:00:00Z"))).toBe(10);
});

test("a window over midnight belongs to the day that it begins on", () => {
  const plan = RatePlan.parse({
    limit_bytes_per_s: 1,
    windows: [{ days: ["fri"], from: "22:00", to: "06:00", limit_bytes_per_s: null }],
  });
  expect(rateAt(plan, at("2026-03-06T23:00:00Z"))).toBeUndefined(); // Friday night
  expect(rateAt(plan, at("2026-03-07T05:59:00Z"))).toBeUndefined();
  expect(rateAt(plan, at("2026-03-07T06:00:00Z"))).toBe(1);
  expect(rateAt(plan, at("2026-03-06T05:00:00Z"))).toBe(1); // Thursday night's morning
});

test("times are those of the place, also when its clocks change", () => {
  const plan = RatePlan.parse({
    time_zone: "Europe/Berlin",
    windows: [{ from: "08:00", to: "18:00", limit_bytes_per_s: 0 }],
  });
  expect(rateAt(plan, at("2026-03-27T07:00:00Z"))).toBe(0); // 08:00 in winter
  expect(rateAt(plan, at("2026-03-27T06:59:00Z"))).toBeUndefined();
  expect(rateAt(plan, at("2026-03-30T06:00:00Z"))).toBe(0); // 08:00 in summer
});

test("the first of two windows counts, and a window of no length is the whole day", () => {
  const plan = RatePlan.parse({
    windows: [
      { days: ["sat", "sun"], from: "00:00", to: "00:00", limit_bytes_per_s: null },
      { from: "06:00", to: "20:00", limit_bytes_per_s: 3 },
    ],
  });
  expect(rateAt(plan, at("2026-03-08T12:00:00Z"))).toBeUndefined();
  expect(rateAt(plan, at("2026-03-09T12:00:00Z"))).toBe(3);
});

test("every instant has one rate of the plan", () => {
  const plan = RatePlan.parse({
    limit_bytes_per_s: 7,
    time_zone: "America/St_Johns",
    windows: [
      { from: "21:30", to: "05:15", limit_bytes_per_s: 0 },
      { days: ["mon"], from: "04:00", to: "12:00", limit_bytes_per_s: 9 },
    ],
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (instant) =>
      [7, 0, 9].includes(rateAt(plan, instant) ?? -1),
    ),
  );
});

test("a zone or a time that does not exist is refused", () => {
  expect(() => RatePlan.parse({ time_zone: "Mars/Olympus" })).toThrow("time zone");
  expect(() => RatePlan.parse({ windows: [{ from: "25:00", to: "06:00", limit_bytes_per_s: 1 }] })).toThrow();
});
