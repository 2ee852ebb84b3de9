import fc from "fast-check";
import { expect, test } from "vitest";
import { searchText } from "../normalise/search-text.ts";
import { bitOfStatus, bitsOfWord, GramFilter } from "./gram-filter.ts";

const has = (filter: GramFilter, bit: number) =>
  (((filter.bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;

const add = (filter: GramFilter, search: string, status: string | null) => {
  const text = Buffer.from(`before${search}after`);
  filter.add(text, "before".length, text.length - "after".length);
  if (status !== null) filter.addStatus(status.toLowerCase());
};

const value = fc.oneof(
  fc.uuid(),
  fc.ipV4(),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.stringMatching(/^[a-z0-9 ._:/-]{0,20}$/),
);
const row = fc.record({
  words: fc.array(value, { maxLength: 6 }),
  flavor: value,
  status: fc.constantFrom(null, "ACTIVE", "SHUTOFF"),
});

test("whatever part of whatever value is looked for, the filter of a block that has it lets it pass", () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (rows, at, from, length) => {
        const filter = new GramFilter();
        for (const { words, flavor, status } of rows)
          add(filter, searchText({ flavor: [flavor] }, words), status);
        const chosen = rows[at % rows.length];
        const search = searchText({ flavor: [chosen?.flavor] }, chosen?.words ?? []);
        for (const line of search.split("\n")) {
          const text = line.startsWith("\u0001") ? line.slice(1) : line;
          const begin = from % (text.length + 1);
          const word = text.slice(begin, begin + 1 + (length % 12));
          if (!word.isWellFormed()) continue; // no request can bring half a letter
          expect(bitsOfWord(word).every((bit) => has(filter, bit))).toBe(true);
          if (line !== text) expect(bitsOfWord(word, "flavor").every((bit) => has(filter, bit))).toBe(true);
        }
        if (chosen?.status) expect(has(filter, bitOfStatus(chosen.status.toLowerCase()))).toBe(true);
      },
    ),
  );
});

test("a word that no row has passes hardly any filter, though rows are many and alike", () => {
  const filters = Array.from({ length: 40 }, () => {
    const filter = new GramFilter();
    for (let n = 0; n < 32; n += 1) {
      const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
      add(filter, searchText({}, [`app-${n}`, ...ids, "owner=team-7@example.org"]), "ACTIVE");
    }
    return filter;
  });
  const words = [
    "zyx",
    "quartz",
    "10.9.8.7",
    "shutoff",
    "web-01",
    ...Array.from({ length: 40 }, () => crypto.randomUUID().slice(0, 8)),
  ];
  const passed = words.flatMap((word) =>
    filters.filter((filter) => bitsOfWord(word).every((bit) => has(filter, bit))),
  );
  expect(passed.length / (words.length * filters.length)).toBeLessThan(0.03);
});

test("a filter that was cleared is as a new one, for the same rows, too", () => {
  const searches = [
    searchText({ flavor: ["m1.small"], network: ["blue"] }, ["web-1", crypto.randomUUID()]),
    searchText({ flavor: ["m1.small"], network: ["red"] }, ["web-2", crypto.randomUUID()]),
  ];
  const fresh = searches.map((search) => {
    const filter = new GramFilter();
    add(filter, search, null);
    return filter.bytes;
  });
  const used = new GramFilter();
  for (const search of searches) add(used, search, "ACTIVE");
  for (const [at, search] of searches.entries()) {
    used.clear();
    add(used, search, null);
    expect(used.bytes).toEqual(fresh[at]);
  }
});
