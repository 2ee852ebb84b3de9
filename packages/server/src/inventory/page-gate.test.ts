import { expect, test } from "vitest";
import { createPageGate } from "./page-gate.ts";

const never = new Promise<never>(() => {});
const nothing = async () => {};
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("no more than so many pages are under way at once, and no more of one site", async () => {
  const gate = createPageGate(3, 2, 3_600_000);
  const under_way = new Map<string, number>();
  let most = 0;
  let most_of_one = 0;
  const page = (site: string) =>
    gate.pass(site, turn, async () => {
      under_way.set(site, (under_way.get(site) ?? 0) + 1);
      most = Math.max(
        most,
        under_way.values().reduce((sum, one) => sum + one, 0),
      );
      most_of_one = Math.max(most_of_one, under_way.get(site) ?? 0);
      await turn();
      under_way.set(site, (under_way.get(site) ?? 0) - 1);
    });
  await Promise.all(Array.from({ length: 30 }, (_, n) => page(n < 20 ? "a" : "b")));
  expect(most).toBe(3);
  expect(most_of_one).toBe(2);
});

test("a site that hangs leaves places to others at once", async () => {
  const gate = createPageGate(3, 2, 3_600_000);
  for (let n = 0; n < 5; n += 1) void gate.pass("hangs", () => never, nothing);
  expect(await gate.pass("well", nothing, async () => "through")).toBe("through");
});

test("sites that hang give their places away", async () => {
  const gate = createPageGate(2, 1, 5);
  void gate.pass("one", () => never, nothing);
  void gate.pass("other", () => never, nothing);
  expect(await gate.pass("well", nothing, async () => "through")).toBe("through");
});

test("a page that came late waits for a place before it is worked on", async () => {
  const gate = createPageGate(1, 1, 5);
  const answer = Promise.withResolvers<void>();
  const order: string[] = [];
  const late = gate.pass(
    "late",
    () => answer.promise,
    async () => order.push("late"),
  );
  await gate.pass("quick", nothing, async () => {
    answer.resolve();
    await turn();
    await turn();
    order.push("quick");
  });
  await late;
  expect(order).toEqual(["quick", "late"]);
});

test("a page that failed leaves its place, once", async () => {
  const gate = createPageGate(1, 1, 3_600_000);
  for (let n = 0; n < 3; n += 1) {
    await expect(gate.pass("a", () => Promise.reject(new Error("no")), nothing)).rejects.toThrow("no");
    await expect(gate.pass("a", nothing, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  expect(await gate.pass("a", nothing, async () => "still one at a time")).toBe("still one at a time");
});

test("what is urgent goes before what is not, until that has waited long enough", async () => {
  const orderWith = async (patience_ms: number) => {
    const gate = createPageGate(1, 1, 3_600_000, patience_ms);
    const first = Promise.withResolvers<void>();
    const order: string[] = [];
    const passes = [gate.pass("a", () => first.promise, nothing)];
    for (const name of ["b", "c!", "d", "e!"])
      passes.push(gate.pass("a", nothing, async () => void order.push(name), name.endsWith("!")));
    first.resolve();
    await Promise.all(passes);
    return order;
  };
  expect(await orderWith(3_600_000)).toEqual(["c!", "e!", "b", "d"]);
  expect(await orderWith(0)).toEqual(["b", "c!", "d", "e!"]);
});
