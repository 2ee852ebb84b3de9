import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// What no linter says for us.

const root = join(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\0")
  .filter((file) => /^(packages|testbed|tools|bench)\/.*\.tsx?$/.test(file));
const sources = files.flatMap((file) => {
  try {
    return [{ file, text: readFileSync(join(root, file), "utf8") }];
  } catch {
    return []; // deleted, and the deletion not committed yet
  }
});

const MAX_LINES = 400;
const MAX_MEDIAN_LINES = 100;

const lines = ({ text }: { text: string }) => text.split("\n").length;

test("no file is longer than 400 lines", () => {
  expect(sources.filter((source) => lines(source) > MAX_LINES).map(({ file }) => file)).toEqual([]);
});

test("half of the files that are not tests have fewer than 100 lines", () => {
  const sizes = sources
    .filter(({ file }) => !file.includes(".test."))
    .map(lines)
    .toSorted((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(MAX_MEDIAN_LINES);
});

test("there is no drawer named utils, helpers, common or shared", () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.)/.test(file))).toEqual([]);
});

test("no test is switched off, and none is the only one", () => {
  const off = /\b(test|it|describe)\.(skip|only|todo|fails)\(/;
  expect(
    sources.filter(({ file, text }) => file.includes(".test.") && off.test(text)).map(({ file }) => file),
  ).toEqual([]);
});

test("no type is switched off", () => {
  const off = /@ts-(ignore|nocheck)/;
  expect(
    sources.filter(({ file, text }) => !file.startsWith("tools/") && off.test(text)).map(({ file }) => file),
  ).toEqual([]);
});

test("no path of one machine is in the project", () => {
  const foreign = /["'`(\s](\/(work|farm|root|home)\/)/;
  expect(
    sources
      .filter(({ file, text }) => !file.startsWith("tools/house-rules") && foreign.test(text))
      .map(({ file }) => file),
  ).toEqual([]);
});
