import { Problem } from "@uniview/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSearch, SEARCH_FIELDS, type SearchTerm } from "./search-terms.ts";

const word = (value: string): SearchTerm => ({ exclude: false, field: null, value });

test("words, fields, exclusions and quotes are told apart", () => {
  expect(parseSearch('web site:zed status:ACTIVE 10.0.0. -image:"Debian 12" -old "two words"')).toEqual([
    word("web"),
    { exclude: false, field: "site", value: "zed" },
    { exclude: false, field: "status", value: "active" },
    word("10.0.0."),
    { exclude: true, field: "image", value: "debian 12" },
    { exclude: true, field: null, value: "old" },
    word("two words"),
  ]);
});

test("MAC and IPv6 addresses are words, though they hold colons", () => {
  expect(parseSearch("fa:16:3e:aa:bb:cc fd00::1 fe80:: abc::1")).toEqual(
    ["fa:16:3e:aa:bb:cc", "fd00::1", "fe80::", "abc::1"].map(word),
  );
});

test("a term that is still being typed does not empty the list", () => {
  expect(parseSearch('web status: -site: "')).toEqual([word("web")]);
});

test("an unknown field is refused, naming those that there are and how to look for it as text", () => {
  const refused = () => parseSearch("host:c1");
  expect(refused).toThrow(Problem);
  expect(refused).toThrow(/no field `host`; the fields are site, status, project/);
  expect(parseSearch('"host:c1"')).toEqual([word("host:c1")]);
});

test("too many terms are refused", () => {
  expect(() => parseSearch("a ".repeat(21))).toThrow(/at most 20 terms/);
});

test("whatever was typed, it parses or is refused as invalid input, and no value is empty or has control characters", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: "binary" }), (q) => {
      try {
        for (const { value } of parseSearch(q)) expect(value).toMatch(/^[^\p{Cc}]+$/u);
      } catch (error) {
        expect((error as Problem).slug).toBe("invalid-input");
      }
    }),
  );
});

test("terms that are written down are read back", () => {
  const value = fc.stringMatching(/^[a-z0-9.][a-z0-9. _/-]{0,20}[a-z0-9]$/);
  const term = fc.record({
    exclude: fc.boolean(),
    field: fc.constantFrom(null, ...SEARCH_FIELDS),
    value,
  });
  fc.assert(
    fc.property(fc.array(term, { maxLength: 20 }), (terms) => {
      const written = terms.map(
        ({ exclude, field, value: text }) => `${exclude ? "-" : ""}${field ? `${field}:` : ""}"${text}"`,
      );
      expect(parseSearch(written.join("  "))).toEqual(terms);
    }),
  );
});
