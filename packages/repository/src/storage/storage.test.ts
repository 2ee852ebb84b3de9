import { writeSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localFolder } from "./local-folder.ts";
import { memory } from "./memory.ts";
import { overlay } from "./overlay.ts";
import { readOnly } from "./read-only.ts";
import { retrying } from "./retrying.ts";
import { ObjectMissing } from "./storage.ts";
import { eventual } from "./testing/eventual.ts";
import { type Fate, faulty, StorageFailed } from "./testing/faulty.ts";
import { storageSuite } from "./testing/storage-suite.ts";
import { throttled } from "./throttled.ts";

let root: string;
let made = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "uniview-storage-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = () => join(root, `${made++}`);

/** Fails every other call, half of them after they had been done. */
function everyOther(): () => Fate {
  const fates: Fate[] = ["works", "fails", "works", "fails-done"];
  let calls = 0;
  return () => fates[calls++ % fates.length] ?? "works";
}
const impatient = { first_pause_ms: 1, attempts: 50 };

storageSuite("memory", async () => memory());
storageSuite("a folder", async () => localFolder(folder()));
storageSuite("a folder in memory", async () => localFolder(folder(), { durable: false }));
storageSuite("memory above a storage that is only read", async () => overlay(readOnly(memory())));
storageSuite("a storage that lists late", async () => {
  let drawn = 0;
  return eventual(() => drawn++ % 3 === 0);
});
storageSuite("a faulty storage, retried", async () => retrying(faulty(memory(), everyOther()), impatient));
storageSuite("a faulty storage that lists late, retried and throttled", async () => {
  let drawn = 0;
  const late = eventual(() => drawn++ % 2 === 0);
  return throttled(retrying(faulty(late, everyOther()), impatient), { bytes_per_s: 1e9 });
});

test("a put that a crash cut short is not listed", async () => {
  const path = folder();
  const storage = localFolder(path);
  await storage.put("a/whole", Buffer.from("x"));
  await writeFile(join(path, "a", "_unfinished-1"), "half");
  const found = await collect(storage.list(""));
  expect(found).toEqual([{ name: "a/whole", size_bytes: 1 }]);
});

test("a put that fails leaves nothing behind", async () => {
  const path = folder();
  const storage = localFolder(path);
  await mkdir(join(path, "a", "taken", "by-a-folder"), { recursive: true });
  await expect(storage.put("a/taken", Buffer.from("x"))).rejects.toThrow();
  expect(await readdir(join(path, "a"))).toEqual(["taken"]);
});

test("a file that threads write is an object once it is finished, and nothing when it is dropped", async () => {
  const path = folder();
  const storage = localFolder(path);
  await storage.put("a/whole", Buffer.from("x"));
  const [kept, dropped] = [await storage.beginFile?.("a/kept"), await storage.beginFile?.("a/dropped")];
  for (const file of [kept, dropped]) if (file) writeSync(file.fd, "by a thread");
  expect((await collect(storage.list(""))).map(({ name }) => name)).toEqual(["a/whole"]);
  await kept?.finish();
  await dropped?.drop();
  expect((await storage.get("a/kept")).toString()).toBe("by a thread");
  expect((await readdir(join(path, "a"))).toSorted()).toEqual(["kept", "whole"]);
});

test("a storage that stays down is told so, after as many attempts as were asked for", async () => {
  let calls = 0;
  const down = faulty(memory(), () => {
    calls++;
    return "fails";
  });
  await expect(retrying(down, { ...impatient, attempts: 3 }).put("a", Buffer.alloc(1))).rejects.toThrow(
    StorageFailed,
  );
  expect(calls).toBe(3);
});

test("what is opened for reading only can be read only", async () => {
  const storage = memory();
  await storage.put("a", Buffer.from("x"));
  const kept = readOnly(storage);
  await expect(kept.put("b", Buffer.alloc(1))).rejects.toThrow("b was not put");
  await expect(kept.delete("a")).rejects.toThrow("a was not deleted");
  expect((await kept.get("a")).toString()).toBe("x");
  expect(await collect(kept.list(""))).toHaveLength(1);
  await kept.settle();
});

test("memory above a storage shows what it hides, and leaves what is below as it is", async () => {
  const objects = new Map([
    ["a", Buffer.from("below")],
    ["b", Buffer.from("below")],
    ["c", Buffer.from("below")],
  ]);
  const storage = overlay(readOnly(memory(objects)));
  await storage.delete("a");
  await storage.put("b", Buffer.from("above"));
  await expect(storage.get("a")).rejects.toThrow(ObjectMissing);
  expect((await storage.get("b")).toString()).toBe("above");
  expect((await storage.get("c")).toString()).toBe("below");
  expect((await collect(storage.list(""))).map(({ name }) => name).toSorted()).toEqual(["b", "c"]);
  expect([...objects.values()].map(String)).toEqual(["below", "below", "below"]);
});

test("a throttled storage lets the first object go at once, and holds back what comes before its time", async () => {
  const paused: number[] = [];
  const pause = async (ms: number) => {
    paused.push(ms);
  };
  const storage = throttled(memory(), { bytes_per_s: 1 }, pause);
  await storage.put("a", Buffer.alloc(1000));
  expect(paused).toEqual([]);
  await storage.put("b", Buffer.alloc(10));
  await storage.get("a", { offset: 0, length: 5 });
  expect(paused).toHaveLength(1);
  await storage.get("a");
  expect(paused).toHaveLength(2);
  expect(() => throttled(storage, { bytes_per_s: 0 })).toThrow("above 0");
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
