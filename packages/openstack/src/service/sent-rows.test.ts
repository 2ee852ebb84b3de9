import { expect, test } from "vitest";
import { onSite } from "../../test/on-site.ts";
import { getServerAsSent, listServersAsSent } from "../compute/servers.ts";
import { findRows, type SentRows, spellRows } from "./sent-rows.ts";

const bytesOf = (text: string | Buffer) => new Uint8Array(Buffer.from(text));

function textsOf({ bytes, places }: SentRows): string[] {
  const text = Buffer.from(bytes);
  return Array.from({ length: places.length / 2 }, (_, row) =>
    text.subarray(places[2 * row], places[2 * row + 1]).toString(),
  );
}

const found = (text: string | Buffer) => {
  const answer = findRows(bytesOf(text), "rows");
  return answer && [textsOf(answer.rows), answer.rest];
};

test("rows are found as they are spelled, beside the other fields", () => {
  expect(
    found('\n{ "a": [1, {"rows": []}], "rows" : [ {"id": "1" , "x":{}} ,{"id":"2"}\t], "b":null }'),
  ).toEqual([['{"id": "1" , "x":{}}', '{"id":"2"}'], { a: [1, { rows: [] }], b: null }]);
});

test("brackets, quotes and signs of other alphabets within texts mean nothing", () => {
  const tricky = ['{"id":"]}\\"{[\\\\"}', '{"ü]\\"":["}",{"日本":"\\u005d"}]}'];
  expect(found(`{"rows":[${tricky.join()}]}`)).toEqual([tricky, {}]);
});

test("one object is one row, and an empty list has none", () => {
  expect(found('{"rows":{"id":"1"}}')).toEqual([['{"id":"1"}'], {}]);
  expect(found('{"rows":[ ],"n":-1.5e3}')).toEqual([[], { n: -1500 }]);
});

test("more rows than usual are found, too, and what is no object is passed over", () => {
  const rows = Array.from({ length: 2000 }, (_, id) => JSON.stringify({ id }));
  expect(found(`{"rows":[null,"x",7,[{}],${rows.join(", ")},true]}`)).toEqual([rows, {}]);
});

test("a mark of the order of bytes is passed over", () => {
  expect(found('\ufeff{"rows":[]}')).toEqual([[], {}]);
});

test.each(['{"others":[]}', '{"rows":"all of them"}', '{"rows":null}', "{}"])("%s has no rows", (text) => {
  expect(found(text)).toBeUndefined();
});

test.each([
  "",
  "[]",
  "<html>",
  "{",
  '{"rows',
  '{"rows"}',
  '{"rows":}',
  '{"rows":[',
  '{"rows":[{"id":"1"}',
  '{"rows":[{"id":"1"}{"id":"2"}]}',
  '{"rows":[,]}',
  '{"rows":[]',
  '{"rows":[] "x":1}',
  '{"rows":[{"id":"1\\"}]}',
  '{"x":nul,"rows":[]}',
  "{rows:[]}",
])("%s is no JSON", (text) => {
  expect(() => found(text)).toThrow(SyntaxError);
});

test("whatever is cut off a page is noticed", () => {
  const page = '{"rows":[{"id":"1","x":[{}]},{"id":"2"}],"rows_links":[{"rel":"next","href":"?a=b"}]}';
  for (let length = 0; length < page.length; length += 1) {
    expect(() => found(page.slice(0, length)), page.slice(0, length)).toThrow(SyntaxError);
  }
});

test("rows that are put together here are found where they were put", () => {
  const rows = [{ id: "ü" }, {}, { id: "3", x: [1] }];
  expect(textsOf(spellRows(rows)).map((text) => JSON.parse(text))).toEqual(rows);
});

test("servers come as their site spelled them, over all pages", async () => {
  await onSite({ type: "compute", max: "2.96" }, async ({ client, answer }) => {
    answer("GET /servers/detail", ({ query }) => ({
      json: query.has("marker")
        ? { servers: [{ id: "c" }] }
        : {
            servers_links: [{ rel: "next", href: "http://x/?marker=b" }],
            servers: [{ id: "a" }, { id: "b" }],
          },
    }));
    const texts: string[][] = [];
    for await (const page of listServersAsSent(client)) texts.push(textsOf(page));
    expect(texts).toEqual([['{"id":"a"}', '{"id":"b"}'], ['{"id":"c"}']]);
    answer("GET /servers/a", { json: { server: { id: "a" } } });
    expect(textsOf(await getServerAsSent(client, "a"))).toEqual(['{"id":"a"}']);
  });
});

test("an answer that is no OpenStack is told apart from one that is", async () => {
  await onSite({ type: "compute", max: "2.96" }, async ({ client, answer }) => {
    answer("GET /servers/a", { json: { servers: [] } });
    await expect(getServerAsSent(client, "a")).rejects.toMatchObject({ kind: "not_openstack" });
    answer("GET /servers/a", { text: "<html>Welcome</html>" });
    await expect(getServerAsSent(client, "a")).rejects.toMatchObject({ kind: "not_openstack" });
    answer("GET /servers/a", { status: 404, json: { itemNotFound: { message: "No server." } } });
    await expect(getServerAsSent(client, "a")).rejects.toMatchObject({ status: 404, reason: "No server." });
  });
});
