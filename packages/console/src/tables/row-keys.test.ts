import { expect, test } from "vitest";
import { rowAfter } from "./row-keys.ts";

test("arrow keys move by one and stop at both ends", () => {
  expect([rowAfter("ArrowDown", 0, 3), rowAfter("ArrowDown", 2, 3), rowAfter("ArrowUp", 0, 3)]).toEqual([
    1, 2, 0,
  ]);
});

test("page, home and end stay within the rows", () => {
  expect([
    rowAfter("PageDown", 0, 4),
    rowAfter("PageUp", 40, 50),
    rowAfter("Home", 9, 50),
    rowAfter("End", 9, 50),
    rowAfter("End", 0, 0),
  ]).toEqual([3, 25, 0, 49, 0]);
});

test("other keys are left to the browser", () => {
  expect(rowAfter("a", 0, 3)).toBeUndefined();
});
