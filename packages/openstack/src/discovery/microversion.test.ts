import { expect, test } from "vitest";
import { atLeast, bestMicroversion, compareMicroversions, supportsMicroversion } from "./microversion.ts";

const zed = { version: "v2.1", min: "2.1", max: "2.93" };

test("2.9 is older than 2.10, since microversions are integers and not decimals", () => {
  expect(compareMicroversions("2.9", "2.10")).toBeLessThan(0);
  expect(compareMicroversions("3.0", "2.99")).toBeGreaterThan(0);
  expect(compareMicroversions("2.73", "2.73")).toBe(0);
});

test("the best version is what is wanted, or the newest that the site has", () => {
  expect(bestMicroversion(zed, "2.73")).toBe("2.73");
  expect(bestMicroversion(zed, "2.93")).toBe("2.93");
  expect(bestMicroversion(zed, "2.100")).toBe("2.93");
});

test("there is no best version where the service has none, or starts after what is wanted", () => {
  expect(bestMicroversion({ version: "v2.0" }, "2.1")).toBeUndefined();
  expect(bestMicroversion({ version: "v2.1", min: "2.53", max: "2.93" }, "2.40")).toBeUndefined();
});

test("a version is supported only inside the range", () => {
  expect(supportsMicroversion(zed, "2.93")).toBe(true);
  expect(supportsMicroversion(zed, "2.94")).toBe(false);
  expect(supportsMicroversion({ version: "v2.0" }, "2.1")).toBe(false);
});

test("no negotiated version is the oldest behaviour", () => {
  expect(atLeast(undefined, "2.1")).toBe(false);
  expect(atLeast("2.79", "2.79")).toBe(true);
  expect(atLeast("2.9", "2.79")).toBe(false);
});

test("something that is no microversion is refused by name", () => {
  expect(() => compareMicroversions("latest", "2.1")).toThrow("'latest' is not a microversion");
});
