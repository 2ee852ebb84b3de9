import fc from "fast-check";
import { expect, test } from "vitest";
import { listPoints, type RecoveryPoint } from "../point/recovery-point.ts";
import { openRepository } from "../repository.ts";
import { SessionFenced } from "../session/fence.ts";
import { LEASE_MS } from "../session/write-session.ts";
import { eventual } from "../storage/testing/eventual.ts";
import { diskOfChunks, makeRepository, restore, SMALL, write } from "../testing/disks.ts";
import { drawer, Turns } from "../testing/turns.ts";
import type { Vault } from "../vault.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { rebuildIndexes } from "./rebuild-indexes.ts";
import { forgetPoints } from "./retention.ts";
import { verify } from "./verify.ts";

/** Raise it for a night's worth of rounds. */
const ROUNDS = Number(process.env["UNIVIEW_ROUNDS"] ?? 20);

// Few different chunks, so that writers want what collections want to delete.
const disk = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 9 });
const round = fc.record({
  seed: fc.integer(),
  sticky: fc.constantFrom(0, 0.5, 0.9, 0.98),
  /** Share of changes under way that a listing shows. */
  shown: fc.constantFrom(1, 0.7, 0.2),
  kept: fc.array(disk, { minLength: 1, maxLength: 2 }),
  forgotten: fc.array(disk, { minLength: 1, maxLength: 3 }),
  written: fc.array(disk, { minLength: 2, maxLength: 3 }),
  collections: fc.integer({ min: 1, max: 3 }),
  rebuilds: fc.integer({ min: 0, max: 1 }),
  /** After how many looks at the clock every lease is over: a session in its middle is taken for dead. */
  lease_ends: fc.option(fc.integer({ min: 1, max: 12 })),
});

test("writers, collections, rebuilds, readers and forgetters at once lose nothing, whoever sleeps while others work", async () => {
  await fc.assert(
    fc.asyncProperty(round, async (given) => {
      const draw = drawer(given.seed);
      const objects = new Map<string, Buffer>();
      const storage = eventual(() => draw() < given.shown, objects);
      const { key, vault } = await makeRepository(storage);
      const model = new Map<string, Buffer>();
      const kept: RecoveryPoint[] = [];
      const forgotten: string[] = [];
      for (const bytes of given.kept.map((chunks) => diskOfChunks(chunks))) {
        const point = await write(vault, bytes);
        kept.push(point);
        model.set(point.id, bytes);
      }
      for (const chunks of given.forgotten) forgotten.push((await write(vault, diskOfChunks(chunks))).id);
      await storage.settle();

      let looks = 0;
      const now = () => (given.lease_ends !== null && looks++ >= given.lease_ends ? 2 * LEASE_MS : 0);
      const turns = new Turns(draw, given.sticky);
      const as = async (who: string) => {
        const repository = await openRepository(storage, key, { ...SMALL, now });
        const opened = await repository.openTenant("acme");
        return { ...opened, storage: turns.storageOf(who, opened.storage) };
      };
      const work: Promise<unknown>[] = [];
      for (const [index, chunks] of given.written.entries()) {
        const bytes = diskOfChunks(chunks);
        const own = await as(`writer ${index}`);
        work.push(
          write(own, bytes).then(
            (point) => model.set(point.id, bytes),
            (error) => expect(error).toBeInstanceOf(SessionFenced),
          ),
        );
      }
      for (let index = 0; index < given.collections; index++)
        work.push(collectWithPatience(await as(`collection ${index}`)));
      for (let index = 0; index < given.rebuilds; index++)
        work.push(rebuildIndexes(await as(`rebuild ${index}`)));
      const reader = await as("reader");
      for (const point of kept)
        work.push(
          restore(reader, point).then((bytes) =>
            expect(bytes.equals(model.get(point.id) ?? bytes)).toBe(true),
          ),
        );
      work.push(forgetPoints(await as("forgetter"), forgotten));
      await turns.run(work);
      await Promise.all(work);

      // All are done: everything that was told to be there is, and stays when all that was left is cleaned up.
      await expectWhole(model);
      const later = { ...vault, now: () => 10 * LEASE_MS };
      expect((await collectGarbage(later)).waits_for).toEqual([]);
      await expectWhole(model);
      await forgetPoints(vault, [...model.keys()]);
      expect((await collectGarbage(later)).waits_for).toEqual([]);
      expect([...objects.keys()].filter((name) => /\/(packs|notices|locks|points)\//.test(name))).toEqual([]);

      async function expectWhole(wanted: ReadonlyMap<string, Buffer>): Promise<void> {
        await storage.settle();
        const points = await listPoints(vault);
        expect(points.map(({ id }) => id).toSorted()).toEqual([...wanted.keys()].toSorted());
        for (const point of points)
          expect((await restore(vault, point)).equals(wanted.get(point.id) ?? Buffer.alloc(0))).toBe(true);
        expect((await verify(vault)).problems).toEqual([]);
      }
    }),
    { numRuns: ROUNDS },
  );
});

/** A collection that meets writers comes back a few times. */
async function collectWithPatience(vault: Vault): Promise<void> {
  for (let left = 4; left > 0; left--)
    if ((await collectGarbage(vault, { merged_from: 2 })).waits_for.length === 0) return;
}
