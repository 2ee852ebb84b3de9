import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ChunkMap } from "./chunk-map.ts";
import { DIGEST_BYTES } from "./digest.ts";

const dir = await mkdtemp(join(tmpdir(), "chunk-map-"));
afterAll(() => rm(dir, { recursive: true, force: true }));
const digest = Buffer.alloc(DIGEST_BYTES, 7);

test("a later mover finds the digests, and what they are made by", async () => {
  const path = join(dir, "kept");
  {
    await using map = await ChunkMap.open(path, 3000);
    expect(map.hash).toBe("sha256");
    await map.useHash("blake3");
    map.note(2999, digest);
  }
  await using map = await ChunkMap.open(path, 3000);
  expect(map.hash).toBe("blake3");
  expect(map.get(2999)).toEqual(digest);
  expect(map.missing()).toBe(2999);
});

test("digests of another hash are forgotten, and do not count in the chain", async () => {
  await using map = await ChunkMap.open(join(dir, "changed"), 3);
  const empty = map.chain();
  map.note(0, digest);
  await map.useHash("sha256");
  expect(map.get(0)).toEqual(digest);
  await map.useHash("blake3");
  expect(map.get(0)).toBeUndefined();
  expect(map.chain()).toEqual(empty);
});
