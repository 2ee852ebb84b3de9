import { findRows } from "@uniview/openstack/service/sent-rows";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Surroundings } from "../normalise/normalised.ts";
import { normaliseServer } from "../normalise/servers.ts";
import { writeDown } from "../stored.ts";
import { serverBody } from "../testing.ts";
import { WrittenRows } from "../written-rows.ts";
import { SERVER_FIELDS } from "./server-fields.ts";
import { ServerTranscriber } from "./server-transcriber.ts";

const around: Surroundings = {
  project_id: "p",
  flavors: new Map([
    ["m1.small", { id: "f1", name: "m1.small", vcpus: 1, ram_mb: 2048, disk_gb: 20 }],
    ["f2", { id: "f2", name: "Größe 2", vcpus: 2, ram_mb: 4096, disk_gb: 40 }],
  ]),
  images: new Map([["i1", "Debian 12 \u0007"]]),
  networks: new Map(),
};

/** What both ways make of a server: the one that reads objects, and the one that goes from bytes to bytes. */
function bothWays(json: string) {
  const row = normaliseServer(JSON.parse(json), around);
  const bytes = new Uint8Array(Buffer.from(`{"servers":[${json}]}`));
  const sent = findRows(bytes, "servers", SERVER_FIELDS)?.rows;
  if (!sent?.fields) throw new Error("No rows were found.");
  const written = new WrittenRows(1);
  const transcriber = new ServerTranscriber(bytes, sent.fields, around);
  const is_usual = transcriber.transcribe(Buffer.from(json), 0, written);
  const [found] = written.rows;
  if (!found) {
    expect(is_usual).toBe(false);
    return undefined;
  }
  expect(is_usual).toBe(true);
  if (!row) throw new Error("Only one way found a server.");
  const stored = writeDown(row, Buffer.from(json));
  const other = new WrittenRows(1);
  other.add(stored);
  const [expected] = other.rows;
  if (!expected) throw new Error("Nothing was written.");
  const read = (rows: WrittenRows, one: typeof found) => {
    const { from, to } = rows.search(one);
    const times = rows.columns(one);
    return {
      row: { id: one.id, name: one.name, status: one.status, changing: one.changing },
      facts: rows.facts(one),
      search: new Set(rows.bytes.toString("utf8", from, to).split("\n")),
      times: rows.bytes.subarray(rows.column(one, "shared_id").from, times.to).toString("hex"),
      raw: one.raw_json.toString(),
    };
  };
  return { transcribed: read(written, found), normalised: read(other, expected), transcriber };
}

const USUAL = serverBody("Web-1", {
  id: "0E2A",
  addresses: {
    blue: [
      { addr: "10.0.0.1", version: 4, "OS-EXT-IPS-MAC:mac_addr": "FA:16", "OS-EXT-IPS:type": "fixed" },
      { addr: "203.0.113.9", version: 4, "OS-EXT-IPS-MAC:mac_addr": "FA:16", "OS-EXT-IPS:type": "floating" },
    ],
    Red: [{ addr: "2001:DB8::1", "OS-EXT-IPS-MAC:mac_addr": "FA:17" }],
  },
  image: { id: "i1", links: [] },
  "os-extended-volumes:volumes_attached": [{ id: "v1", delete_on_termination: true }, { id: "V2" }],
  key_name: "Key",
  security_groups: [{ name: "default" }, { name: "web" }, { name: "default" }],
  "OS-EXT-AZ:availability_zone": "AZ-1",
  "OS-EXT-STS:task_state": "rebooting",
  locked: true,
  tags: ["Rack-1", ""],
  metadata: { Owner: "Team", note: "" },
});

test("a usual server goes from bytes to bytes, and tells when it changed", () => {
  for (const space of [undefined, 1]) {
    const both = bothWays(JSON.stringify(USUAL, null, space));
    expect(both?.transcribed).toEqual(both?.normalised);
    expect(both?.transcriber.updated_ms).toBe(Date.parse("2026-11-02T10:00:00Z"));
  }
});

test.each([
  ["another letter than ASCII's", { name: "größe" }],
  ["an escape", { name: 'a"b' }],
  ["a control character", { name: "a\u007fb" }],
  ["no name", { name: "" }],
  ["a name that is cut", { name: "n".repeat(256) }],
  ["an id that is none of OpenStack's", { id: "n".repeat(256) }],
  ["a fault", { fault: { message: "No valid host" } }],
  ["user data", { "OS-EXT-SRV-ATTR:user_data": "c2VjcmV0" }],
  ["a status of the past", { status: "DELETED" }],
  ["a word that is too long", { key_name: "k".repeat(300) }],
  ["more words than are searched", { tags: Array.from({ length: 15 }, (_, n) => `${n}`.repeat(140)) }],
  ["the same tag twice", { tags: ["a", "a"] }],
  [
    "many volumes",
    { "os-extended-volumes:volumes_attached": Array.from({ length: 20 }, (_, id) => ({ id: `v${id}` })) },
  ],
  ["metadata that is no text", { metadata: { a: 1 } }],
  ["another power state", { "OS-EXT-STS:power_state": 17 }],
  ["a month's last day", { updated: "2026-10-31T10:00:00Z" }],
  ["addresses that are none", { addresses: [] }],
])("a server with %s is left to the other way", (_what, fields) => {
  expect(bothWays(JSON.stringify({ ...USUAL, ...fields }))).toBeUndefined();
});

const KNOWN = ["", "i1", "f2", "m1.small", "ACTIVE", "REBOOT", "floating", "FA:16:3E", "10.0.0.1", "fe80::1"];
const text = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 40, arbitrary: fc.string({ unit: fc.constantFrom(..."aZ09 .:-_="), maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
);
const anything = fc.oneof(
  { weight: 40, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 4, arbitrary: fc.constant(null) },
);
const field = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 80, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });
const address = fc.record(
  { addr: text, version: fc.nat(9), "OS-EXT-IPS-MAC:mac_addr": anything, "OS-EXT-IPS:type": text },
  { requiredKeys: [] },
);
const at = { min: new Date("1000-01-01"), max: new Date("9990-01-01"), noInvalidDate: true } as const;
const instant = fc.oneof(
  { weight: 80, arbitrary: fc.date(at).map((date) => `${date.toISOString().slice(0, 19)}Z`) },
  { weight: 1, arbitrary: text },
);
const server = fc.record(
  {
    id: text,
    name: text,
    status: anything,
    created: field(instant),
    updated: field(instant),
    addresses: field(fc.dictionary(text, field(fc.array(field(address), { maxLength: 3 })), { maxKeys: 3 })),
    flavor: field(
      fc.record({ id: text, original_name: text, vcpus: fc.nat(), ram: anything }, { requiredKeys: [] }),
    ),
    image: field(fc.record({ id: text })),
    "os-extended-volumes:volumes_attached": field(fc.array(field(fc.record({ id: text })), { maxLength: 4 })),
    key_name: anything,
    security_groups: field(fc.array(field(fc.record({ name: text })), { maxLength: 3 })),
    "OS-EXT-AZ:availability_zone": anything,
    "OS-EXT-STS:power_state": field(fc.nat(9)),
    "OS-EXT-STS:task_state": anything,
    locked: field(fc.boolean()),
    tags: field(fc.array(anything, { maxLength: 4 })),
    metadata: field(fc.dictionary(text, field(text), { maxKeys: 4 })),
    hostId: text,
    links: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ["id", "name"] },
);

test("whatever a server is like, both ways tell the same, or it is left to the one", () => {
  let transcribed = 0;
  fc.assert(
    fc.property(server, (body) => {
      const both = bothWays(JSON.stringify(body));
      if (!both) return;
      transcribed += 1;
      expect(both.transcribed).toEqual(both.normalised);
    }),
    { numRuns: 5_000 },
  );
  expect(transcribed).toBeGreaterThan(500);
});
