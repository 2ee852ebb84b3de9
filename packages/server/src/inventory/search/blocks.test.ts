import fc from "fast-check";
import { expect, test } from "vitest";
import { cutBlocks } from "./blocks.ts";

const rowOf = (name: string, at: number) => ({
  id: String(at),
  name,
  status: null,
  search: name,
  raw_json: Buffer.from("{}"),
});

test("every row is in one block, in the order of names, and no block is too big or needs to be put together soon", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-cA-C0-2-]{0,6}$/), { maxLength: 600 }), (names) => {
      const blocks = cutBlocks(names.map(rowOf));
      const cut = blocks.flatMap(({ rows }) => rows);
      expect(cut.map(({ id }) => id).toSorted()).toEqual(names.map((_, at) => String(at)).toSorted());
      const lower = cut.map(({ name }) => name.toLowerCase());
      expect(lower).toEqual(lower.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
      expect(Math.max(0, ...blocks.map(({ rows }) => rows.length))).toBeLessThanOrEqual(40);
      if (blocks.length > 1)
        expect(Math.min(...blocks.map(({ rows }) => rows.length))).toBeGreaterThanOrEqual(16);
      expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
    }),
  );
});

test("a block ends where one group of names does, if that is near", () => {
  const names = ["app", "cache", "web"].flatMap((role) =>
    Array.from({ length: 36 }, (_, at) => `${role}-${String(at).padStart(2, "0")}`),
  );
  const groups = cutBlocks(names.map(rowOf)).map(
    ({ rows }) => new Set(rows.map(({ name }) => name.split("-")[0])),
  );
  expect(groups.map((group) => [...group])).toEqual([["app"], ["cache"], ["web"]]);
});
