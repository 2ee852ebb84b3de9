import { expect, test } from "vitest";
import { parseParameters, writeParameters } from "./parameters.ts";

test("a search survives the way through the URL as it was typed", () => {
  for (const q of ["123", "true", 'name:"a b" 10.0.0.', "ä & ö=1 + 2", "site:zed,epoxy"]) {
    expect(parseParameters(writeParameters({ q }))).toEqual({ q });
  }
});

test("links stay readable and short", () => {
  expect(writeParameters({ q: "site:zed web", sort: undefined, columns: "name,site" })).toBe(
    "?q=site:zed+web&columns=name,site",
  );
  expect(writeParameters({})).toBe("");
});
