import { expect, test } from "vitest";
import { memory } from "../storage/memory.ts";
import { readOnly } from "../storage/read-only.ts";
import { CHUNK, diskOfChunks, makeRepository, write } from "../testing/disks.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { measureVault } from "./measure.ts";
import { planCollection } from "./plan-collection.ts";
import { forgetPoints } from "./retention.ts";

test("a plan says what the collection then does, and changes nothing", async () => {
  const objects = new Map<string, Buffer>();
  const { vault } = await makeRepository(memory(objects));
  const first = await write(vault, diskOfChunks([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]));
  await write(vault, diskOfChunks([2, 22, 24, 26]));
  await forgetPoints(vault, [first.id]);
  const before = new Map(objects);
  const options = { min_reached_share: 1 };
  const plan = await planCollection({ ...vault, storage: readOnly(vault.storage) }, options);
  expect(objects).toEqual(before);
  expect(plan).toMatchObject({ points: 1, writers: 0 });
  expect(plan.rescued_bytes).toBeGreaterThan(CHUNK);

  const { deleted_packs, freed_bytes } = await collectGarbage(vault, options);
  expect({ deleted_packs, freed_bytes }).toEqual({
    deleted_packs: plan.doomed_packs,
    freed_bytes: plan.doomed_bytes,
  });
  expect(await planCollection(vault)).toMatchObject({ doomed_packs: 0, doomed_bytes: 0 });
});

test("what is kept and what it costs is counted once for chunks, and every time for disks", async () => {
  const { vault } = await makeRepository(memory());
  const disk = diskOfChunks([2, 0, 4, 2]);
  await write(vault, disk);
  await write(vault, disk);
  const { stored_bytes, packs, ...figures } = await measureVault(vault);
  expect(figures).toEqual({
    points: 2,
    disks: 2,
    disk_bytes: 8 * CHUNK,
    data_bytes: 6 * CHUNK,
    chunks: 3, // two of data, and their segment
    unique_bytes: 2 * CHUNK,
  });
  expect(stored_bytes).toBeGreaterThan(2 * CHUNK);
  expect(packs).toBe(1);
});
