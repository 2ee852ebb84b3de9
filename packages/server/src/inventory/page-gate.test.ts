import { expect, test } from "vitest";
import { createPageGate } from "./page-gate.ts";

const never = new Promise<void>(() => {});

test("no more than so many pages are under way at once", async () => {
  const gate = createPageGate(2, 3_600_000);
  let under_way = 0;
  let most = 0;
  const page = () =>
    gate.pass(async () => {
      under_way += 1;
      most = Math.max(most, under_way);
      await new Promise((resolve) => setImmediate(resolve));
      under_way -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, page));
  expect(most).toBe(2);
});

test("sites that hang give their places away", async () => {
  const gate = createPageGate(2, 5);
  void gate.pass(() => never);
  void gate.pass(() => never);
  expect(await gate.pass(async () => "through")).toBe("through");
});

test("a page that failed leaves its place, once", async () => {
  const gate = createPageGate(1, 3_600_000);
  for (let n = 0; n < 3; n += 1) {
    await expect(gate.pass(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  expect(await gate.pass(async () => "still one at a time")).toBe("still one at a time");
});
