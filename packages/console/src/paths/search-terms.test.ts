import { expect, test } from "vitest";
import { filterValue, termsOf, withFilter } from "./search-terms.ts";

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
  expect(filterValue("web site:zed", "site")).toBe("zed");
  expect(filterValue("web -site:zed", "site")).toBeUndefined();
  expect(withFilter("web site:zed x", "site", "epoxy")).toBe("web x site:epoxy");
  expect(withFilter("web site:zed x", "site", null)).toBe("web x");
  expect(withFilter("", "project", "two words")).toBe('project:"two words"');
});

test("a quote that is still being typed is kept", () => {
  expect(withFilter('name:"half way', "site", "zed")).toBe('name:"half way site:zed');
});
