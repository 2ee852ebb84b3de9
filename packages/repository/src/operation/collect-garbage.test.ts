import { describe, expect, test } from "vitest";
import { listPoints } from "../point/recovery-point.ts";
import { openRepository } from "../repository.ts";
import { SessionFenced } from "../session/fence.ts";
import { LEASE_MS, WriteSession } from "../session/write-session.ts";
import { memory } from "../storage/memory.ts";
import { CHUNK, diskOfChunks, makeRepository, restore, SMALL, sourceOf, write } from "../testing/disks.ts";
import type { Vault } from "../vault.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { rebuildIndexes } from "./rebuild-indexes.ts";
import { forgetPoints } from "./retention.ts";
import { verify } from "./verify.ts";
import { writeDisk } from "./write-disk.ts";

const A = diskOfChunks([2, 4, 6, 8, 10, 12, 14, 16]);
const B = diskOfChunks([2, 4, 18, 20, 22, 24, 26, 28]);

async function make() {
  const objects = new Map<string, Buffer>();
  let now = Date.parse("2026-01-01T00:00:00Z");
  const storage = memory(objects);
  const { key } = await makeRepository(storage);
  const repository = await openRepository(storage, key, { ...SMALL, now: () => now });
  const vault = await repository.openTenant("acme");
  const count = (folder: string) => [...objects.keys()].filter((name) => name.includes(`/${folder}/`)).length;
  const wait = (ms: number) => {
    now += ms;
  };
  return { objects, vault, count, wait };
}

async function commit(session: WriteSession, vault: Vault, disk: Buffer) {
  const manifest = await writeDisk(vault, session, "vda", sourceOf(disk));
  const taken_at = "2026-01-01T00:00:00.000Z";
  return () => session.commit({ taken_at, labels: {}, description: null, disks: [manifest] });
}

test("what no recovery point reaches is deleted, and the others are restored as before", async () => {
  const { vault, count } = await make();
  const a = await write(vault, A);
  const b = await write(vault, B);
  await forgetPoints(vault, [a.id]);
  const report = await collectGarbage(vault);
  expect(report).toMatchObject({ points: 1, waits_for: [] });
  expect(report.freed_bytes).toBeGreaterThan(5 * CHUNK);
  expect((await restore(vault, b)).equals(B)).toBe(true);
  expect((await verify(vault)).problems).toEqual([]);
  expect(count("notices")).toBe(0);

  await forgetPoints(vault, [b.id]);
  await collectGarbage(vault);
  expect(count("packs")).toBe(0);
  expect((await collectGarbage(vault)).deleted_packs).toBe(0);
});

test("chunks that are still needed move out of packs that are mostly not", async () => {
  const { vault } = await make();
  const a = await write(vault, A);
  const b = await write(vault, B); // shares two chunks with A
  await forgetPoints(vault, [a.id]);
  const { rescued_chunks } = await collectGarbage(vault);
  expect(rescued_chunks).toBeGreaterThanOrEqual(2);
  expect((await restore(vault, b)).equals(B)).toBe(true);
});

test("small packs become full ones when they are many, once", async () => {
  const { vault, count } = await make();
  const disks = Array.from({ length: 8 }, (_, number) => diskOfChunks([2 + 2 * number]));
  const points = [];
  for (const disk of disks) points.push(await write(vault, disk));
  const before = count("packs");
  expect(await collectGarbage(vault)).toMatchObject({ condemned_packs: 0 });
  const merged = await collectGarbage(vault, { merged_from: 4 });
  expect(merged).toMatchObject({ condemned_packs: before, deleted_packs: before });
  expect(count("packs")).toBeLessThanOrEqual(before / 2);
  for (const [index, point] of points.entries())
    expect((await restore(vault, point)).equals(disks[index] ?? Buffer.alloc(0))).toBe(true);
  expect((await verify(vault)).problems).toEqual([]);
  expect(await collectGarbage(vault, { merged_from: 2 })).toMatchObject({ condemned_packs: 0 });
  await expect(collectGarbage(vault, { merged_from: 1 })).rejects.toThrow("merged_from is 1");
});

describe("a writer that began before the collection", () => {
  test("is waited for: nothing that it may use is deleted", async () => {
    const { vault, count } = await make();
    const a = await write(vault, A);
    const session = await WriteSession.begin(vault);
    const finish = await commit(session, vault, A); // stores nothing: all of it is there
    await forgetPoints(vault, [a.id]);
    expect((await collectGarbage(vault)).waits_for).toEqual([session.id]);
    const point = await finish();
    expect(await collectGarbage(vault)).toMatchObject({ waits_for: [], points: 1 });
    expect((await restore(vault, point)).equals(A)).toBe(true);
    expect((await verify(vault)).problems).toEqual([]);
    expect([count("notices"), count("locks")]).toEqual([0, 0]);
  });

  test("and fell silent is ended; should it wake up, its recovery point never was", async () => {
    const { vault, wait, count } = await make();
    const a = await write(vault, A);
    const session = await WriteSession.begin(vault);
    const finish = await commit(session, vault, A);
    await forgetPoints(vault, [a.id]);
    wait(LEASE_MS + 1);
    expect(await collectGarbage(vault)).toMatchObject({ waits_for: [], points: 0 });
    expect(count("packs")).toBe(0);
    await expect(finish()).rejects.toBeInstanceOf(SessionFenced);
    expect(await listPoints(vault)).toEqual([]);
    expect((await verify(vault)).problems).toEqual([]);
  });

  test("and died after its recovery point was there keeps it", async () => {
    const { vault, objects, wait, count } = await make();
    const b = await write(vault, B);
    const session = await WriteSession.begin(vault);
    const lock = [...objects].find(([name]) => name.includes("/locks/"));
    const point = await (await commit(session, vault, A))();
    if (lock) objects.set(...lock); // as if it had died before it dropped its lock
    await forgetPoints(vault, [b.id]);
    expect((await collectGarbage(vault)).waits_for).toEqual([session.id]);
    wait(LEASE_MS + 1);
    await collectGarbage(vault);
    expect(count("locks")).toBe(0);
    expect((await restore(vault, point)).equals(A)).toBe(true);
  });
});

test("a writer that begins after a notice stores again what is condemned, and is not waited for", async () => {
  const { vault } = await make();
  const a = await write(vault, A);
  const old = await WriteSession.begin(vault);
  await forgetPoints(vault, [a.id]);
  expect((await collectGarbage(vault)).waits_for).toEqual([old.id]);
  const late = await WriteSession.begin(vault);
  const finish = await commit(late, vault, A);
  await old.abort();
  expect((await collectGarbage(vault)).waits_for).toEqual([]);
  const point = await finish();
  expect((await restore(vault, point)).equals(A)).toBe(true);
  expect((await verify(vault)).problems).toEqual([]);
});

test("packs that a dead writer left are deleted, those of a writer at work are not", async () => {
  const { vault, count } = await make();
  const session = await WriteSession.begin(vault);
  const finish = await commit(session, vault, A);
  const packs = count("packs");
  expect(packs).toBeGreaterThan(0);
  await collectGarbage(vault);
  expect(count("packs")).toBe(packs);
  await session.abort();
  await collectGarbage(vault);
  expect(count("packs")).toBe(0);
  void finish;
});

test("with an index lost, a collection deletes nothing until it is rebuilt", async () => {
  const { vault, objects, count } = await make();
  const a = await write(vault, A);
  for (const name of objects.keys()) if (name.includes("/indexes/")) objects.delete(name);
  const packs = count("packs");
  await expect(collectGarbage(vault)).rejects.toThrow("rebuild the indexes");
  expect(count("packs")).toBe(packs);
  await rebuildIndexes(vault);
  await collectGarbage(vault);
  expect((await restore(vault, a)).equals(A)).toBe(true);
});

test("a recovery point that cannot be read keeps a collection from deleting anything", async () => {
  const { vault, objects, count } = await make();
  await forgetPoints(vault, [(await write(vault, B)).id]);
  await write(vault, A);
  const point = [...objects.keys()].find((name) => name.includes("/points/")) ?? "";
  objects.get(point)?.writeUInt8(7, 60);
  const packs = count("packs");
  await expect(collectGarbage(vault)).rejects.toThrow(point.replace("tenants/acme/", ""));
  expect(count("packs")).toBe(packs);
});
