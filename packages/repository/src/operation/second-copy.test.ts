import { expect, test } from "vitest";
import { WriteSession } from "../session/write-session.ts";
import { memory } from "../storage/memory.ts";
import { diskOfChunks, makeRepository, restore, sourceOf } from "../testing/disks.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { verify } from "./verify.ts";
import { writeDisk } from "./write-disk.ts";

const DISK = diskOfChunks([2, 4, 6, 8, 1, 10]);
const POINT = { taken_at: "2026-01-01T00:00:00.000Z", labels: {}, description: null };

/** Two writers that know nothing of each other store the same disk. */
async function writeTwice() {
  const objects = new Map<string, Buffer>();
  const { vault } = await makeRepository(memory(objects));
  const sessions = [await WriteSession.begin(vault), await WriteSession.begin(vault)];
  const points = [];
  for (const session of sessions) {
    const disk = await writeDisk(vault, session, "vda", sourceOf(DISK));
    points.push(() => session.commit({ ...POINT, disks: [disk] }));
  }
  const committed = await Promise.all(points.map((commit) => commit()));
  const packs = [...objects.keys()].filter((name) => name.includes("/packs/"));
  return { objects, vault, committed, packs };
}

function damage(objects: Map<string, Buffer>, name: string): () => void {
  const sound = objects.get(name) ?? Buffer.alloc(0);
  const bytes = Buffer.from(sound);
  bytes.writeUInt8((bytes[20] ?? 0) ^ 1, 20); // in the first chunk of the pack
  objects.set(name, bytes);
  return () => objects.set(name, sound);
}

test("a damaged chunk is read from its second copy, and what verify finds concerns nobody", async () => {
  const { objects, vault, committed, packs } = await writeTwice();
  expect(packs.length).toBeGreaterThanOrEqual(4);
  for (const name of packs) {
    const mend = damage(objects, name);
    for (const point of committed) expect((await restore(vault, point)).equals(DISK)).toBe(true);
    const { problems } = await verify(vault);
    expect(problems).toMatchObject([{ object: name.replace("tenants/acme/", ""), concerns: [] }]);
    mend();
  }
});

test("a chunk whose copies are all damaged is not restored, and both recovery points are named", async () => {
  const { objects, vault, committed, packs } = await writeTwice();
  for (const name of packs) damage(objects, name);
  for (const point of committed) await expect(restore(vault, point)).rejects.toThrow("is damaged");
  const concerned = (await verify(vault)).problems.flatMap(({ concerns }) => concerns);
  expect([...new Set(concerned)].toSorted()).toEqual(committed.map(({ id }) => `${id}/vda`).toSorted());
});

test("a collection rescues from the second copy", async () => {
  const { objects, vault, committed, packs } = await writeTwice();
  damage(objects, packs[0] ?? "");
  await collectGarbage(vault, { min_reached_share: 1.1 }); // nothing is worth keeping where it is
  for (const point of committed) expect((await restore(vault, point)).equals(DISK)).toBe(true);
  expect((await verify(vault)).problems).toEqual([]);
});
