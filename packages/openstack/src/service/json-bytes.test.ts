import fc from "fast-check";
import { expect, test } from "vitest";
import { endOfValue, skipSpace } from "./json-bytes.ts";

/** As `JSON.parse` does: one value, and white space around it. */
function isJson(text: string): boolean {
  const bytes = Buffer.from(text);
  try {
    return skipSpace(bytes, endOfValue(bytes, skipSpace(bytes, 0))) === bytes.length;
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return false;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test("what JSON.parse takes is taken, whatever the white space", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
      expect(isJson(JSON.stringify(value, null, space))).toBe(true);
    }),
  );
});

test("what JSON.parse refuses is refused, and nothing else", () => {
  const near = fc
    .tuple(
      fc.jsonValue({ maxDepth: 3 }),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom(...'{}[]",:\\ut0123.e-+ \n\u0001', ""),
    )
    .map(([value, at, length, sign]) => {
      const text = JSON.stringify(value);
      const from = at % (text.length + 1);
      return text.slice(0, from) + sign + text.slice(from + length);
    })
    .filter((text) => text.isWellFormed());
  const signs = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ubtrfalsn0123.eE-+ \n'), maxLength: 12 });
  fc.assert(
    fc.property(fc.oneof(near, signs), (text) => {
      expect(isJson(text), text).toBe(parses(text));
    }),
    { numRuns: 5_000 },
  );
});

test("values that lie too deep in each other are refused before the stack is full", () => {
  expect(isJson("[".repeat(200) + "]".repeat(200))).toBe(true);
  for (const deep of ["[", '{"a":']) {
    expect(() => endOfValue(Buffer.from(deep.repeat(100_000)), 0)).toThrow("too deep");
  }
});
