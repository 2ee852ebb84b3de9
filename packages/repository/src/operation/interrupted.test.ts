import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { listPoints } from "../point/recovery-point.ts";
import { openRepository } from "../repository.ts";
import { LEASE_MS } from "../session/write-session.ts";
import { localFolder } from "../storage/local-folder.ts";
import { memory } from "../storage/memory.ts";
import type { Storage } from "../storage/storage.ts";
import { eventual } from "../storage/testing/eventual.ts";
import { type Fate, faulty } from "../storage/testing/faulty.ts";
import { diskOfChunks, makeRepository, restore, SMALL, write } from "../testing/disks.ts";
import { drawer } from "../testing/turns.ts";
import type { Vault } from "../vault.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { copyPoints } from "./copy-points.ts";
import { rebuildIndexes } from "./rebuild-indexes.ts";
import { forgetPoints } from "./retention.ts";
import { verify } from "./verify.ts";

const dir = await mkdtemp(join(tmpdir(), "interrupted-"));
afterAll(() => rm(dir, { recursive: true, force: true }));
let folders = 0;

const ROUNDS = Number(process.env["UNIVIEW_ROUNDS"] ?? 80);

/** After so many nothing is left to collect, whatever died before. */
const MOST_COLLECTIONS = 3;

/** A call of the storage that does not go well; most operations make fewer than that many. */
const fault = fc.record({
  call: fc.integer({ min: 0, max: 60 }),
  fate: fc.constantFrom<Fate>("fails", "fails-done", "dies", "dies-done"),
});
const operation = fc.record({
  fault: fc.option(fault, { freq: 3 }),
  /** Whether a session that fell silent before is taken for dead by now. */
  later: fc.boolean(),
  what: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ write: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 9 }) }),
    },
    { weight: 2, arbitrary: fc.record({ forget: fc.nat() }) },
    { weight: 4, arbitrary: fc.constant("collect" as const) },
    { weight: 1, arbitrary: fc.constantFrom("rebuild" as const, "verify" as const, "copy" as const) },
  ),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

const storages: [string, (draw: () => number) => Storage][] = [
  ["a storage whose listings are late", (draw) => eventual(() => draw() < 0.6)],
  [
    "a folder, into which threads write packs",
    () => localFolder(join(dir, `${folders++}`), { durable: false }),
  ],
];

test.each(storages)(
  "in %s any sequence of operations, each stopped at any call, leaves all that was not forgotten restorable",
  async (_where, storageOf) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(operation, { minLength: 2, maxLength: 9 }),
        async (seed, operations) => {
          const draw = drawer(seed);
          const storage = storageOf(draw);
          const { key, vault: sound } = await makeRepository(storage);
          const { vault: target } = await makeRepository(memory());
          const points = new Map<string, Buffer>();
          let now = 0;
          for (const { fault, later, what } of operations) {
            if (later) now += LEASE_MS + 1;
            let calls = 0;
            const at = now;
            const repository = await openRepository(storage, key, { ...SMALL, now: () => at });
            const opened = await repository.openTenant("acme");
            const broken = faulty(opened.storage, () =>
              fault && calls++ === fault.call ? fault.fate : "works",
            );
            const vault = { ...opened, storage: broken };
            await perform(vault, what).catch((error: unknown) => {
              if (!fault) throw error;
            });
          }
          await storage.settle();
          await expectWhole();
          const after = { ...sound, now: () => now + LEASE_MS + 1 };
          await collectGarbage(after);
          // ends silent sessions at the latest: it looks for them when it condemns
          await collectGarbage(after, { merged_from: 3 });
          // what one rescues may be small enough to be merged by the next
          let left = MOST_COLLECTIONS;
          while ((await collectGarbage(after, { merged_from: 3 })).condemned_packs > 0)
            expect(left--).toBeGreaterThan(0);
          await expectWhole();
          await copyPoints(sound, target);
          const copies = await listPoints(target);
          const origins = copies.map(({ copied_from }) => copied_from?.point);
          expect(origins).toEqual(expect.arrayContaining([...points.keys()]));
          expect(new Set(origins).size).toBe(origins.length);
          for (const copy of copies) {
            const bytes = points.get(copy.copied_from?.point ?? "");
            if (bytes) expect((await restore(target, copy)).equals(bytes)).toBe(true);
          }

          async function perform(vault: Vault, what: Operation["what"]): Promise<void> {
            if (what === "collect") await collectGarbage(vault, { merged_from: 3 });
            else if (what === "rebuild") await rebuildIndexes(vault);
            else if (what === "verify") expect((await verify(vault)).problems).toEqual([]);
            else if (what === "copy") await copyPoints(vault, target);
            else if ("write" in what) {
              const disk = diskOfChunks(what.write, what.write.length * 3);
              points.set((await write(vault, disk)).id, disk);
            } else {
              const id = [...points.keys()][what.forget % Math.max(points.size, 1)];
              if (id === undefined) return;
              points.delete(id); // asked for: it may be there or not from now on
              await forgetPoints(vault, [id]);
            }
          }

          async function expectWhole(): Promise<void> {
            const there = new Map((await listPoints(sound)).map((point) => [point.id, point]));
            for (const [id, disk] of points) {
              const point = there.get(id);
              expect(point).toBeDefined();
              if (point) expect((await restore(sound, point)).equals(disk)).toBe(true);
            }
            expect((await verify(sound)).problems).toEqual([]);
          }
        },
      ),
      { numRuns: ROUNDS },
    );
  },
);
