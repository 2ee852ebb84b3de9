import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

test("the rate is that of the last seconds, and the time left follows from it", () => {
  const pace = new Pace();
  expect(pace.progress(0, 10_000, 0)).toMatchObject({ rate_bytes_per_s: null, remaining_s: null });
  expect(pace.progress(1000, 10_000, 1000)).toMatchObject({ rate_bytes_per_s: 1000, remaining_s: 9 });
  pace.progress(1000, 10_000, 30_000); // it stood still
  expect(pace.progress(6000, 10_000, 40_000)).toMatchObject({ rate_bytes_per_s: 500, remaining_s: 8 });
});

test("without a total, or while nothing comes, no time is promised", () => {
  const pace = new Pace();
  pace.progress(0, null, 0);
  expect(pace.progress(100, null, 1000)).toMatchObject({ rate_bytes_per_s: 100, remaining_s: null });
  const still = new Pace();
  still.progress(100, 200, 0);
  expect(still.progress(100, 200, 1000)).toMatchObject({ rate_bytes_per_s: 0, remaining_s: null });
});
