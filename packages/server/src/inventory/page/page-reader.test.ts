import { randomUUID } from "node:crypto";
import { type SentRows, spellRows } from "@uniview/openstack";
import { findRows } from "@uniview/openstack/service/sent-rows";
import { afterEach, expect, test } from "vitest";
import type { Shelf } from "../shelf.ts";
import { serverBody } from "../testing.ts";
import { SERVER_FIELDS } from "../transcribe/server-fields.ts";
import { createPageReader, type PageReader } from "./page-reader.ts";
import { startPageThread } from "./page-thread.ts";
import type { SentPage } from "./read-rows.ts";

const SEEN_AT = "2026-11-22T10:00:00.000Z";
const around = {
  project_id: "p",
  flavors: new Map([["m1.small", { id: "f1", name: "m1.small", vcpus: 1, ram_mb: 2048, disk_gb: 20 }]]),
  images: new Map([["i1", "debian-12"]]),
  networks: new Map(),
};
const shelf: Shelf = { site_project_id: randomUUID(), kind: "servers" };

const readers: PageReader[] = [];
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
});

/** One that reads everything in this thread, and one that reads everything in another. */
function hereAndThere(): [PageReader, PageReader] {
  const both: [PageReader, PageReader] = [createPageReader(Number.MAX_SAFE_INTEGER), createPageReader(0)];
  readers.push(...both);
  return both;
}

const bodies = Array.from({ length: 60 }, (_, n) =>
  serverBody(n % 3 ? `vm-${n}` : `vm-${n} ü \u{1f600}`, {
    id: randomUUID(),
    image: { id: "i1" },
    status: n === 7 ? "REBOOT" : "ACTIVE",
    updated: `2026-11-02T10:00:${n}Z`,
    metadata: { note: n % 2 ? "nul\0 and half \ud800" : "plain" },
  }),
);
/** Some of the rows are as usual, and go from bytes to bytes. */
function sentRows(): SentRows {
  const servers = [...bodies, { ...serverBody("gone"), id: "gone", status: "DELETED" }];
  const found = findRows(new Uint8Array(Buffer.from(JSON.stringify({ servers }))), "servers", SERVER_FIELDS);
  if (!found) throw new Error("No rows were found.");
  return found.rows;
}
const sent = (as_new = true): SentPage => ({
  kind: "servers",
  rows: sentRows(),
  around,
  as_new: as_new ? { shelf, seen_at: SEEN_AT } : undefined,
});

test("a page tells the same in whichever thread it is read", async () => {
  const [here, there] = hereAndThere();
  const [near, far] = await Promise.all([here.read(sent()), there.read(sent())]);
  expect(far.digest).toEqual(near.digest);
  expect(far.digest.ids).toEqual(bodies.map(({ id }) => id));
  expect(far.digest).toMatchObject({ gone: ["gone"], changing: [bodies[7]?.["id"]] });
  expect(new Date(far.digest.newest_ms).toISOString()).toBe("2026-11-02T10:00:59.000Z");
  // ids of blocks are drawn, so drafts are as long, not alike
  expect(far.all_new?.rows.length).toBe(near.all_new?.rows.length);
  const places = [3, 7, 8];
  const [far_changes, near_changes] = [await far.changes(places), await near.changes(places)];
  expect(Buffer.from(far_changes.bytes).equals(near_changes.bytes)).toBe(true);
  expect(far_changes.begins).toEqual(near_changes.begins);
  expect(await far.facts(places)).toEqual(await near.facts(places));
  expect((await far.draft(shelf, places, SEEN_AT)).rows.length).toBe(
    (await near.draft(shelf, places, SEEN_AT)).rows.length,
  );
});

test("who expects large pages has a thread for them before the first one comes", async () => {
  const ready = createPageReader();
  const surprised = createPageReader();
  readers.push(ready, surprised);
  ready.expectLarge();
  const [moved, kept] = [sent(), sent()];
  await Promise.all([ready.read(moved), surprised.read(kept)]);
  expect(moved.rows.bytes.length).toBe(0);
  expect(kept.rows.bytes.length).toBeGreaterThan(0);
});

test("few changes are read the same in whichever thread, and nothing is held for them", async () => {
  const [here, there] = hereAndThere();
  await there.read(sent());
  const [near, far] = await Promise.all([here.readChanges(sent(false)), there.readChanges(sent(false))]);
  expect(far.digest).toEqual(near.digest);
  expect(far.digest).toMatchObject({ ids: bodies.map(({ id }) => id), gone: ["gone"] });
  expect(far.draft && Buffer.from(far.draft.bytes).equals(near.draft?.bytes ?? Buffer.of())).toBe(true);
  expect(far.draft?.begins).toEqual(near.draft?.begins);
});

test("rows that are expected to be known are not drafted before that was looked up", async () => {
  const [, there] = hereAndThere();
  expect((await there.read(sent(false))).all_new).toBeUndefined();
});

test("who let go of a page gets nothing more of it, and others still do", async () => {
  const [, there] = hereAndThere();
  const [one, other] = await Promise.all([there.read(sent()), there.read(sent())]);
  one.letGo();
  await expect(one.facts([0])).rejects.toThrow("holds no page");
  expect(await other.facts([0])).toHaveLength(1);
});

test("a row that is no JSON fails its page alone", async () => {
  const [, there] = hereAndThere();
  const broken = spellRows([{ id: "x" }]);
  broken.bytes[1] = 0x7b;
  const [first, second] = await Promise.allSettled([
    there.read({ ...sent(), rows: broken }),
    there.read(sent()),
  ]);
  expect(first).toMatchObject({ status: "rejected", reason: expect.any(SyntaxError) });
  expect(second).toMatchObject({ status: "fulfilled" });
});

test("what is asked of a thread that ended fails instead of waiting, and the next page starts another", async () => {
  const thread = startPageThread();
  const page = await thread.read(sent());
  await thread.close();
  expect(thread.alive).toBe(false);
  await expect(page.facts([0])).rejects.toThrow("ended");
  page.letGo();
  const [, there] = hereAndThere();
  const before = await there.read(sent());
  await there.close();
  await expect(before.facts([0])).rejects.toThrow("ended");
  expect((await there.read(sent())).digest.ids).toHaveLength(60);
});
