import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonFields } from "./json-fields.ts";
import { findRows } from "./sent-rows.ts";

const NAMES = ["id", "name", "OS-EXT-STS:task_state"];

/** What is found of each row's fields, spelled as it is there. */
function foundIn(rows: readonly string[]): Record<string, string>[] {
  const bytes = new Uint8Array(Buffer.from(`{"rows":[${rows.join()}]}`));
  const fields = findRows(bytes, "rows", new JsonFields(NAMES))?.rows.fields ?? new Int32Array();
  return rows.map((_, row) =>
    Object.fromEntries(
      NAMES.flatMap((name, field) => {
        const place = 2 * (row * NAMES.length + field);
        const [from = 0, to = 0] = fields.subarray(place, place + 2);
        return to === 0 ? [] : [[name, Buffer.from(bytes.subarray(from, to)).toString()]];
      }),
    ),
  );
}

test("fields are found by their names, whatever stands beside and within them", () => {
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.string());
  const row = fc.dictionary(name, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.constantFrom(undefined, 1, "\t"), (rows, space) => {
      const found = foundIn(rows.map((one) => JSON.stringify(one, null, space)));
      const wanted = (one: object) =>
        Object.fromEntries(Object.entries(one).filter(([name]) => NAMES.includes(name)));
      const read = (one: Record<string, string>) =>
        Object.fromEntries(Object.entries(one).map(([name, json]) => [name, JSON.parse(json)]));
      expect(found.map(read)).toEqual(rows.map((one) => JSON.parse(JSON.stringify(wanted(one)))));
    }),
  );
});

test("of a name that stands there twice the last one counts, as for JSON.parse", () => {
  expect(foundIn(['{"id":1,"name":"a","id":[2]}', "{}", '{"id":3}'])).toEqual([
    { id: "[2]", name: '"a"' },
    {},
    { id: "3" },
  ]);
});

test("more rows than places are kept for at first have their fields, too", () => {
  const rows = Array.from({ length: 1500 }, (_, id) => JSON.stringify({ x: id, id }));
  expect(foundIn(rows)).toEqual(rows.map((_, id) => ({ id: `${id}` })));
});

test.each(['{"id"}', '{"id":}', '{"id":1', '{"id":1 "name":2}', "{id:1}", '{"id":1,}', '{,"id":1}', "{1:2}"])(
  "%s is no object",
  (row) => {
    expect(() => foundIn([row])).toThrow(SyntaxError);
  },
);
