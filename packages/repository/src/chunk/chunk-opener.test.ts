import { createHash, randomBytes } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { encrypt } from "../seal/aead.ts";
import { ChunkBench } from "./chunk-bench.ts";
import { ChunkOpener } from "./chunk-opener.ts";
import { nonceAt, sealBond } from "./chunk-seal.ts";
import { isZstd, wordOf } from "./chunk-word.ts";

const KEY = randomBytes(32);
const OFFSET = 16;
const CHUNK = Buffer.alloc(65_536, "what shrinks ");
const idOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

/** As a writer that has the key, and a fault, would seal it. */
function seal(stored: Buffer, id: Buffer, zstd: boolean) {
  const word = wordOf(CHUNK.length, zstd, "data");
  const sealed = Buffer.concat(encrypt(KEY, nonceAt(OFFSET), sealBond(id, word), stored));
  return (digests: boolean) =>
    new ChunkOpener("sha256").open(KEY, { offset: OFFSET, id, word, digests }, sealed, () => {});
}

const frame = (bytes: Buffer, checksum: 0 | 1) =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: checksum } });

test("what a bench stores packed has a checksum, and opens without a digest and with one", () => {
  const bench = new ChunkBench(CHUNK.length, "sha256");
  const written: Buffer[] = [];
  bench.beginPack(
    (_offset, pieces) => void written.push(...pieces.map((piece) => Buffer.from(piece))),
    KEY,
    1,
  );
  bench.store(CHUNK, idOf(CHUNK), "data");
  const [entry] = bench.finishPack().entries;
  const sealed = Buffer.concat(written).subarray(OFFSET, OFFSET + (entry?.length ?? 0));
  const { id, offset, word } = entry ?? { id: CHUNK, offset: 0, word: 0 };
  expect([offset, isZstd(word)]).toEqual([OFFSET, true]);
  for (const digests of [false, true]) {
    let opened: Buffer | undefined;
    const use = (bytes: Buffer) => {
      opened = Buffer.from(bytes);
    };
    expect(new ChunkOpener("sha256").open(KEY, { offset, id, word, digests }, sealed, use)).toBe(true);
    expect(opened?.equals(CHUNK)).toBe(true);
  }
});

test("a chunk that was spoiled before it was sealed does not open, with digests or without", () => {
  const id = idOf(CHUNK);
  const spoiled = Buffer.from(CHUNK);
  spoiled.writeUInt8(1, 1000);
  const packed = frame(CHUNK, 1);
  packed.writeUInt8(packed.readUInt8(packed.length - 1) ^ 1, packed.length - 1);
  for (const [what, opens] of Object.entries({
    "packed, and then spoiled": seal(packed, id, true),
    "spoiled, and packed as earlier versions did, without a checksum": seal(frame(spoiled, 0), id, true),
    "spoiled, and stored as it is": seal(spoiled, id, false),
    "packed by no zstd": seal(Buffer.from("?"), id, true),
    "of another length": seal(frame(CHUNK.subarray(1), 1), id, true),
  }))
    expect([opens(false), opens(true)], what).toEqual([false, false]);
});

test("only a digest tells that a writer with the key gave a sound chunk the id of another", () => {
  const opens = seal(frame(CHUNK, 1), idOf(Buffer.from("another")), true);
  expect([opens(false), opens(true)]).toEqual([true, false]);
});

test("a sealed chunk of another id, place or key does not open", () => {
  const id = idOf(CHUNK);
  const word = wordOf(CHUNK.length, true, "data");
  const sealed = Buffer.concat(encrypt(KEY, nonceAt(OFFSET), sealBond(id, word), frame(CHUNK, 1)));
  const opener = new ChunkOpener("sha256");
  const at = { offset: OFFSET, id, word, digests: false };
  expect(opener.open(KEY, at, sealed, () => {})).toBe(true);
  for (const [key, wrong] of [
    [KEY, { ...at, id: idOf(Buffer.from("another")) }],
    [KEY, { ...at, offset: OFFSET + 1 }],
    [KEY, { ...at, word: wordOf(CHUNK.length, true, "segment") }],
    [randomBytes(32), at],
  ] as const)
    expect(opener.open(key, wrong, sealed, () => {})).toBe(false);
});
