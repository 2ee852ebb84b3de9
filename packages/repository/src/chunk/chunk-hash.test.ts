import { expect, test } from "vitest";
import { copyPoints } from "../operation/copy-points.ts";
import { verify } from "../operation/verify.ts";
import { memory } from "../storage/memory.ts";
import {
  CHUNK,
  diskOfChunks,
  makeRepository,
  restore,
  SEGMENT_CHUNKS,
  SMALL,
  write,
} from "../testing/disks.ts";
import { loadHash } from "./chunk-hash.ts";

const DISK = diskOfChunks([2, 1, 0, 4, 6, 8, 2], 100);
const make = (hash: "sha256" | "blake3", threads: number, objects = new Map<string, Buffer>()) =>
  makeRepository(
    memory(objects),
    { ...SMALL, threads },
    { chunk_bytes: CHUNK, segment_chunks: SEGMENT_CHUNKS, hash },
  );

// Both from the tables that their authors publish.
test.each([
  ["sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["blake3", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"],
] as const)("%s of abc is what everybody says it is", (name, digest) => {
  expect(loadHash(name)(Buffer.from("abc")).toString("hex")).toBe(digest);
});

test.each([0, 1])(
  "a repository with BLAKE3 is written, restored and verified with %i threads",
  async (threads) => {
    const objects = new Map<string, Buffer>();
    const { vault, repository } = await make("blake3", threads, objects);
    expect(repository.config.hash).toBe("blake3");
    const point = await write(vault, DISK);
    expect((await restore(vault, point)).equals(DISK)).toBe(true);
    expect((await verify(vault)).problems).toEqual([]);
    for (const [name, bytes] of objects)
      if (name.includes("/packs/")) bytes.writeUInt8((bytes[20] ?? 0) ^ 1, 20);
    await expect(restore(vault, point)).rejects.toThrow("is damaged");
    expect((await verify(vault)).problems).not.toEqual([]);
  },
);

test("chunks have other names with another hash, so nothing is copied from one to the other", async () => {
  const [sha256, blake3] = [await make("sha256", 0), await make("blake3", 0)];
  const [a] = (await write(sha256.vault, DISK)).disks;
  const [b] = (await write(blake3.vault, DISK)).disks;
  expect(a?.segments).not.toEqual(b?.segments);
  await expect(copyPoints(sha256.vault, blake3.vault)).rejects.toThrow(
    "named by sha256 here and by blake3 there",
  );
});
