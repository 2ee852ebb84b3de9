import { expect, test } from "vitest";
import { StepMeter } from "./step-figures.ts";

test("the rate is that of the last seconds, and nothing is written when nothing was told", () => {
  const meter = new StepMeter();
  expect(meter.takeIfNew()).toBeUndefined();
  meter.progress({ bytes_done: 0, bytes_total: 1_000_000, note: "reading" }, 0);
  meter.progress({ bytes_done: 500_000 }, 1_000); // a fast beginning, out of the window later
  for (let second = 2; second <= 12; second += 1)
    meter.progress({ bytes_done: 500_000 + second * 100 }, second * 1_000);
  expect(meter.takeIfNew()).toEqual({
    bytes_done: 501_200,
    bytes_total: 1_000_000,
    rate_bytes_per_s: 100,
    note: "reading",
    request_ids: [],
  });
  expect(meter.takeIfNew()).toBeUndefined();
});

test("request ids are handed over once each", () => {
  const meter = new StepMeter();
  meter.requestId("zed", "req-1");
  meter.requestId("zed", "req-1");
  expect(meter.takeIfNew()?.request_ids).toEqual([{ site: "zed", request_id: "req-1" }]);
  meter.requestId("zed", "req-2");
  expect(meter.takeIfNew()?.request_ids).toEqual([{ site: "zed", request_id: "req-2" }]);
});
