import { expect, test } from "vitest";
import { amountText, durationText, memoryText, rateText, sizeText } from "./units.ts";

test("a size has three digits that count and its unit", () => {
  expect([0, 1, 1023, 1024, 1_310_720, 21_474_836_480].map(sizeText)).toEqual([
    "0 B",
    "1 B",
    "1023 B",
    "1 KiB",
    "1.25 MiB",
    "20 GiB",
  ]);
  expect(sizeText(512 * 2 ** 20)).toBe("512 MiB");
  expect(sizeText(2 ** 60)).toBe("1024 PiB");
});

test("rounding never shows 1024 of a unit that has a greater one", () => {
  expect(sizeText(1024 * 1024 - 1)).toBe("1 MiB");
});

test("a rate is a size a second and never negative", () => {
  expect(rateText(117_440_512)).toBe("112 MiB/s");
  expect(rateText(-3)).toBe("0 B/s");
});

test("memory comes in the MiB that Nova counts", () => {
  expect([512, 2048, 6144].map(memoryText)).toEqual(["512 MiB", "2 GiB", "6 GiB"]);
});

test("a duration shows the two units that count", () => {
  expect([0, 0.42, 9.99, 42, 185, 3600, 8040, 273_600].map(durationText)).toEqual([
    "0 s",
    "0.4 s",
    "10 s",
    "42 s",
    "3 min 05 s",
    "1 h 00 min",
    "2 h 14 min",
    "3 d 4 h",
  ]);
});

test("one disk is not one disks", () => {
  expect([amountText(1, "disk"), amountText(1200, "disk"), amountText(2, "policy", "policies")]).toEqual([
    "1 disk",
    "1,200 disks",
    "2 policies",
  ]);
});
