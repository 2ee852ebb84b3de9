import { expect, test } from "vitest";
import { enterAll, Gate } from "./gate.ts";

test("so many enter at once, the others in the order they came", async () => {
  const gate = new Gate(2);
  const inside: string[] = [];
  const enter = async (name: string) => {
    const leave = await gate.enter();
    inside.push(name);
    return leave;
  };
  const [leave_a] = await Promise.all([enter("a"), enter("b")]);
  const c = enter("c");
  const d = enter("d");
  expect(inside).toEqual(["a", "b"]);
  leave_a?.();
  (await c)();
  (await d)();
  expect(inside).toEqual(["a", "b", "c", "d"]);
});

test("who gives up waiting takes no place", async () => {
  const gate = new Gate(1);
  const leave = await gate.enter();
  const impatience = new AbortController();
  const waiting = gate.enter(impatience.signal);
  impatience.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  leave();
  (await gate.enter())();
});

test("several gates are passed together, and none is held by who gives up at one of them", async () => {
  const [own, ofAll] = [new Gate(1), new Gate(1)];
  const leave = await enterAll([own, ofAll]);
  const other = new Gate(1);
  const impatience = new AbortController();
  const waiting = enterAll([other, ofAll], impatience.signal);
  impatience.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  (await other.enter())();
  leave();
  (await enterAll([own, ofAll]))();
});
