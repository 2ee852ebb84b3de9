import { expect, test } from "vitest";
import { readToolsSearch } from "./tools-search.ts";

test("a file, a project and a region are kept, and what is none of these is dropped", () => {
  const search = { file: "terraform", project: "0123456789abcdef0123456789abcdef", region: "zed" };
  expect(readToolsSearch(search)).toEqual(search);
  expect(readToolsSearch({ file: "clouds.yaml", project: "demo", region: 'x"y', other: 1 })).toEqual({});
});
