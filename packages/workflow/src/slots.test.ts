import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

const NEVER = new AbortController().signal;

test("who was already at work is let in before who has not begun, and who gave up takes nobody's place", async () => {
  const slots = new Slots(1);
  const order: string[] = [];
  const enter = (name: string, urgent: boolean, signal = NEVER) =>
    slots.take(signal, urgent).then((held) => order.push(held ? name : `${name} gave up`));
  await enter("first", false);
  const giving_up = new AbortController();
  const fresh = enter("fresh", false);
  const leaving = enter("leaving", true, giving_up.signal);
  const urgent = enter("urgent", true);
  giving_up.abort();
  await leaving;
  slots.give();
  await urgent;
  slots.give();
  await fresh;
  expect(order).toEqual(["first", "leaving gave up", "urgent", "fresh"]);
});
