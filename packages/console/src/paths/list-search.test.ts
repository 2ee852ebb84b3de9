import { expect, test } from "vitest";
import { columnsParameter, nextSort, readListSearch, shownColumns } from "./list-search.ts";

const columns = [
  { id: "name", shown: true },
  { id: "site", shown: true },
  { id: "zone", shown: false },
];

test("a list's URL keeps what was chosen and drops what is not understood", () => {
  expect(readListSearch({ q: "web", sort: "-name", columns: "name,site", other: 1 })).toEqual({
    q: "web",
    sort: "-name",
    columns: "name,site",
  });
  expect(readListSearch({ q: "", sort: "name; drop", columns: 3 })).toEqual({});
});

test("a click on a sorted column turns the order round", () => {
  expect([nextSort("name", "site"), nextSort("site", "site"), nextSort("-site", "site")]).toEqual([
    "site",
    "-site",
    "site",
  ]);
});

test("the URL names columns only where they differ from the usual ones", () => {
  expect(columnsParameter(columns, ["site", "name"])).toBeUndefined();
  expect(columnsParameter(columns, ["zone", "name"])).toBe("name,zone");
  expect(shownColumns(columns, undefined)).toEqual(["name", "site"]);
  expect(shownColumns(columns, "zone,name")).toEqual(["name", "zone"]);
});

test("a URL with no known column shows the usual ones", () => {
  expect(shownColumns(columns, "old-name")).toEqual(["name", "site"]);
  expect(columnsParameter(columns, [])).toBeUndefined();
});
