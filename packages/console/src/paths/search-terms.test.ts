import { expect, test } from "vitest";
import { termsOf, valueOf, withValue } from "./search-terms.ts";

test("terms are words, fields and quotes", () => {
  expect(termsOf('web site:zed -status:error name:"two words" "a b" 10.0.0.')).toEqual([
    "web",
    "site:zed",
    "-status:error",
    'name:"two words"',
    '"a b"',
    "10.0.0.",
  ]);
});

test("a filter is read from the search and written back to it", () => {
  expect(valueOf("web site:zed", "site")).toBe("zed");
  expect(valueOf("web -site:zed", "site")).toBeUndefined();
  expect(withValue("web site:zed x", "site", "epoxy")).toBe("web x site:epoxy");
  expect(withValue("web site:zed x", "site", null)).toBe("web x");
  expect(withValue("", "project", "two words")).toBe('project:"two words"');
});

test("a quote that is still being typed is kept", () => {
  expect(withValue('name:"half way', "site", "zed")).toBe('name:"half way site:zed');
});
