import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openRepository } from "../repository.ts";
import { WriteSession } from "../session/write-session.ts";
import { memory } from "../storage/memory.ts";
import { diskOfChunks, makeRepository, restore, SMALL, write } from "../testing/disks.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { forgetPoints } from "./retention.ts";
import { verify } from "./verify.ts";

/** A repository with everything in it that there can be: two points, a lock, a notice. */
async function makeFull() {
  const objects = new Map<string, Buffer>();
  const { key, vault } = await makeRepository(memory(objects));
  const gone = await write(vault, diskOfChunks([32, 34, 36, 38]));
  const points = [
    await write(vault, diskOfChunks([2, 1, 4, 0, 6, 8, 3])),
    await write(vault, diskOfChunks([2, 10, 12, 14])),
  ];
  await forgetPoints(vault, [gone.id]);
  await WriteSession.begin(vault);
  await collectGarbage(vault);
  return { objects, key, points };
}

test("a flipped bit anywhere is found and named", async () => {
  const { objects, key } = await makeFull();
  const folders = [...objects.keys()].map((name) => name.replace("tenants/acme/", "").split("/")[0]);
  expect([...new Set(folders)].toSorted()).toEqual([
    "config",
    "indexes",
    "keys",
    "locks",
    "notices",
    "packs",
    "points",
  ]);
  const names = [...objects.keys()];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      async (name, where) => {
        const changed = new Map(objects);
        const bytes = Buffer.from(objects.get(name) ?? "");
        const bit = Math.floor(where * bytes.length * 8);
        bytes.writeUInt8((bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
        changed.set(name, bytes);
        const found = await findDamage(changed);
        expect(found.map((object) => object.replace(/^config.*/, "config"))).toContain(
          name.replace("tenants/acme/", ""),
        );
      },
    ),
    { numRuns: 400 },
  );

  /** The objects that are named: by the report, or by the error when it does not come to one. */
  async function findDamage(changed: Map<string, Buffer>): Promise<string[]> {
    try {
      const vault = await (await openRepository(memory(changed), key, SMALL)).openTenant("acme");
      return (await verify(vault)).problems.map(({ object }) => object);
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      return message.includes("use a newer one") ? ["config"] : message.split(" ");
    }
  }
});

test("the recovery points and disks that a damaged chunk concerns are named, and no others", async () => {
  const { objects, key, points } = await makeFull();
  const vault = await (await openRepository(memory(objects), key, SMALL)).openTenant("acme");
  expect((await verify(vault)).problems).toEqual([]);
  const [first, second] = points;
  const packs = [...objects].filter(([name]) => name.includes("/packs/"));
  const concerns = new Set<string>();
  for (const [name, bytes] of packs) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed[20] ?? 0) ^ 1, 20); // in the first chunk of the pack
    objects.set(name, changed);
    const { problems } = await verify(vault);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.chunk).toMatch(/^[0-9a-f]{64}$/);
    for (const point of points) {
      const whole = await restore(vault, point).then(
        () => true,
        () => false,
      );
      expect(problems[0]?.concerns.includes(`${point.id}/vda`)).toBe(!whole);
    }
    for (const concern of problems[0]?.concerns ?? []) concerns.add(concern);
    objects.set(name, bytes);
  }
  expect([...concerns].toSorted()).toEqual([`${first?.id}/vda`, `${second?.id}/vda`].toSorted());
});

test("a pack that is gone is missed by the recovery points that need it", async () => {
  const { objects, key, points } = await makeFull();
  const vault = await (await openRepository(memory(objects), key, SMALL)).openTenant("acme");
  for (const name of [...objects.keys()]) if (name.includes("/packs/")) objects.delete(name);
  const { problems } = await verify(vault);
  expect(problems.flatMap(({ concerns }) => concerns).toSorted()).toEqual(
    points.map(({ id }) => `${id}/vda`).toSorted(),
  );
});

test("parts of the packs, taken in turn, are all of them", async () => {
  const { objects, key } = await makeFull();
  const vault = await (await openRepository(memory(objects), key, SMALL)).openTenant("acme");
  const all = (await verify(vault)).packs;
  let sum = 0;
  for (const index of [0, 1, 2]) sum += (await verify(vault, { part: { index, of: 3 } })).packs;
  expect(sum).toBe(all);
});

test("packs are read while others are verified, and every byte of them is told", async () => {
  const { objects, key } = await makeFull();
  const storage = memory(objects);
  let at_once = 0;
  let most = 0;
  const counting: typeof storage = {
    ...storage,
    async get(name, ...how) {
      if (name.includes("/packs/")) most = Math.max(most, ++at_once);
      await nextTurn();
      if (name.includes("/packs/")) at_once--;
      return storage.get(name, ...how);
    },
  };
  const vault = await (await openRepository(counting, key, SMALL)).openTenant("acme");
  const told: number[] = [];
  const { packs, read_bytes } = await verify(vault, {
    onProgress: ({ done_bytes, size_bytes }) => told.push(done_bytes / size_bytes),
  });
  expect(most).toBeGreaterThan(1);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect([told.length, told.at(-1)]).toEqual([packs, 1]);
  let stored_bytes = 0;
  for (const [name, bytes] of objects) if (name.includes("/packs/")) stored_bytes += bytes.length;
  expect(read_bytes).toBe(stored_bytes);
});
