import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ObjectMissing, type Storage } from "../storage.ts";

/** What every storage promises. `make` gives an empty one. */
export function storageSuite(name: string, make: () => Promise<Storage>): void {
  describe(name, () => {
    test("what was put is got, whole or in part", async () => {
      const storage = await make();
      const bytes = randomBytes(300_000);
      await storage.put("a/b/object-1.x", bytes);
      expect((await storage.get("a/b/object-1.x")).equals(bytes)).toBe(true);
      const range = { offset: 299_990, length: 10 };
      expect((await storage.get("a/b/object-1.x", range)).equals(bytes.subarray(299_990))).toBe(true);
      expect(await storage.get("a/b/object-1.x", { offset: 5, length: 0 })).toHaveLength(0);
    });

    test("a range is right in the answer, whether it was read into the caller's memory or not", async () => {
      const storage = await make();
      const bytes = randomBytes(10_000);
      await storage.put("object", bytes);
      for (const room of [5000, 9000, 10]) {
        const into = Buffer.from(new SharedArrayBuffer(room));
        const got = await storage.get("object", { offset: 100, length: 5000 }, into);
        expect(got.equals(bytes.subarray(100, 5100))).toBe(true);
      }
    });

    test("an empty object is an object", async () => {
      const storage = await make();
      await storage.put("empty", Buffer.alloc(0));
      expect(await storage.get("empty")).toHaveLength(0);
    });

    test("the bytes that were put may change afterwards", async () => {
      const storage = await make();
      const bytes = Buffer.from(new SharedArrayBuffer(5));
      bytes.write("first");
      await storage.put("object", bytes);
      bytes.write("other");
      expect((await storage.get("object")).toString()).toBe("first");
    });

    test("a second put replaces the first", async () => {
      const storage = await make();
      await storage.put("object", Buffer.from("the first one is longer"));
      await storage.put("object", Buffer.from("second"));
      expect((await storage.get("object")).toString()).toBe("second");
      await storage.settle();
      expect(await names(storage, "")).toEqual(["object"]);
    });

    test("what is not there is missing, not empty", async () => {
      const storage = await make();
      await storage.put("a/b", Buffer.from("x"));
      await expect(storage.get("a/c")).rejects.toBeInstanceOf(ObjectMissing);
      await expect(storage.get("a/c", { offset: 0, length: 1 })).rejects.toBeInstanceOf(ObjectMissing);
    });

    test("a range beyond the end is refused, not cut short", async () => {
      const storage = await make();
      await storage.put("object", Buffer.from("12345"));
      await expect(storage.get("object", { offset: 3, length: 3 })).rejects.toBeInstanceOf(RangeError);
    });

    test("a settled listing has exactly what was put and not deleted, with sizes", async () => {
      const storage = await make();
      for (const [index, name] of ["p/a", "p/aa/b", "pa", "q/a", "p/b"].entries())
        await storage.put(name, Buffer.alloc(index));
      await storage.delete("p/b");
      await storage.settle();
      expect(await names(storage, "p/")).toEqual(["p/a", "p/aa/b"]);
      expect(await names(storage, "p/a")).toEqual(["p/a", "p/aa/b"]);
      expect(await names(storage, "")).toEqual(["p/a", "p/aa/b", "pa", "q/a"]);
      expect(await names(storage, "none/")).toEqual([]);
      for await (const { name, size_bytes } of storage.list("q/"))
        expect([name, size_bytes]).toEqual(["q/a", 3]);
    });

    test("a deleted object is missing, and deleting it again is fine", async () => {
      const storage = await make();
      await storage.put("object", Buffer.from("x"));
      await storage.delete("object");
      await storage.delete("object");
      await expect(storage.get("object")).rejects.toBeInstanceOf(ObjectMissing);
      await storage.settle();
      expect(await names(storage, "")).toEqual([]);
    });

    test("many puts at once are all there", async () => {
      const storage = await make();
      const wanted = Array.from({ length: 50 }, (_, index) => `many/${index % 7}/${index}`);
      await Promise.all(wanted.map((name) => storage.put(name, Buffer.from(name))));
      await storage.settle();
      expect(await names(storage, "many/")).toEqual(wanted.toSorted());
    });

    test.each(["../out", "/root", "a//b", "a/../../b", "", "a/_b"])("the name %j is refused", async (bad) => {
      const storage = await make();
      await expect(storage.put(bad, Buffer.from("x"))).rejects.toBeInstanceOf(RangeError);
      await expect(storage.get(bad)).rejects.toBeInstanceOf(RangeError);
    });
  });
}

async function names(storage: Storage, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of storage.list(prefix)) found.push(name);
  return found.toSorted();
}
