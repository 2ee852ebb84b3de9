import { expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

test("a burst passes, then tries come back one by one, for each key by itself", () => {
  let now = 0;
  const limit = createRateLimit({ burst: 2, per_minute: 6 }, () => now);
  limit.take("a");
  limit.take("a");
  expect(() => limit.take("a")).toThrow("wait 10 s");
  limit.take("b");
  now = 10_000;
  limit.take("a");
  expect(() => limit.take("a")).toThrow("Too many tries");
});

test("keys beyond what is remembered push out the oldest, so memory is bounded", () => {
  const limit = createRateLimit({ burst: 1, per_minute: 1 }, () => 0);
  limit.take("first");
  for (let n = 0; n < 10_000; n += 1) limit.take(`other ${n}`);
  limit.take("first");
});
