import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ChunkMissing,
  copyPoints,
  createRepositoryKey,
  diskOf,
  exportRaw,
  formatKeyFile,
  getPoint,
  initRepository,
  listPoints,
  localFolder,
  memory,
  ObjectMissing,
  openRawDisk,
  openRepository,
  parseKeyFile,
  readDisk,
  readOnly,
  rebuildIndexes,
  verify,
  writePoint,
} from "./index.ts";
import {
  CHUNK,
  chunkOf,
  diskOfChunks,
  makeRepository,
  restore,
  SMALL,
  sourceOf,
  write,
} from "./testing/disks.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "uniview-repository-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const MIB = 1024 * 1024;

describe.each([0, 1, 2])("with %d threads", (threads) => {
  test("what was written is restored byte for byte", async () => {
    const { vault } = await makeRepository(memory(), { ...SMALL, threads });
    const disk = diskOfChunks([2, 0, 4, 1, 1, 0, 0, 0, 0, 6, 8, 3, 2, 10, 12, 14, 16, 18, 20, 22], 77);
    const point = await write(vault, disk);
    expect((await restore(vault, point)).equals(disk)).toBe(true);
    expect(point.disks[0]).toMatchObject({ size_bytes: 20 * CHUNK + 77, data_bytes: 15 * CHUNK + 77 });
    expect((await verify(vault)).problems).toEqual([]);
  });

  test("the real chunk size, in a folder, through a raw file and back", async () => {
    const key = createRepositoryKey();
    const storage = localFolder(join(root, `real-${threads}`), { durable: false });
    await initRepository(storage);
    const repository = await openRepository(storage, key, { threads });
    await repository.addTenant("acme");
    const vault = await repository.openTenant("acme");
    const disk = Buffer.concat([
      randomBytes(9 * MIB),
      Buffer.alloc(20 * MIB),
      Buffer.alloc(9 * MIB, "text "),
      randomBytes(9 * MIB + 512),
    ]);
    const raw = join(root, `disk-${threads}`);
    await writeFile(raw, disk);
    await using source = await openRawDisk(raw);
    const { point, figures } = await writePoint(vault, { disks: [{ name: "vda", source }] });
    expect(figures.stored_bytes).toBeLessThan(29 * MIB);
    const restored = join(root, `restored-${threads}`);
    await exportRaw(vault, diskOf(point, "vda"), restored);
    expect((await readFile(restored)).equals(disk)).toBe(true);
    expect((await stat(restored)).blocks * 512).toBeLessThan(29 * MIB); // zeros are holes
  });
});

describe("deduplication", () => {
  test("a second write of the same disk stores nothing but its point", async () => {
    const { vault } = await makeRepository(memory());
    const disk = { name: "vda", source: sourceOf(diskOfChunks([2, 4, 6, 8, 10, 12])) };
    await writePoint(vault, { disks: [disk] });
    const { figures, point } = await writePoint(vault, { disks: [disk, { ...disk, name: "vdb" }] });
    expect(figures.stored_chunks).toBe(0);
    expect(point.disks.map(({ name }) => name)).toEqual(["vda", "vdb"]);
  });

  test("a disk of zeros stores one segment, whatever its size", async () => {
    const { vault } = await makeRepository(memory());
    const { figures } = await writePoint(vault, {
      disks: [{ name: "vda", source: sourceOf(Buffer.alloc(32 * CHUNK)) }],
    });
    expect(figures.stored_chunks).toBe(1);
  });

  test("a disk without bytes is one, too", async () => {
    const { vault } = await makeRepository(memory());
    const point = await write(vault, Buffer.alloc(0));
    expect(await restore(vault, point)).toHaveLength(0);
  });

  test("only what may have changed is read", async () => {
    const { vault } = await makeRepository(memory());
    const before = diskOfChunks([2, 4, 0, 8, 10, 12, 14]);
    const since = await write(vault, before);
    const after = diskOfChunks([2, 4, 5, 8, 10, 3, 14]);
    const read: number[] = [];
    const source = sourceOf(after);
    const watched = {
      ...source,
      read: (into: Buffer, offset: number) => {
        read.push(offset / CHUNK);
        return source.read(into, offset);
      },
    };
    const extents = [
      { offset_bytes: 2 * CHUNK + 100, length_bytes: 10 },
      { offset_bytes: 5 * CHUNK - 1, length_bytes: 2 },
    ];
    const { point } = await writePoint(vault, {
      disks: [{ name: "vda", source: watched, changed: { since, extents } }],
    });
    expect(read).toEqual([2, 4, 5]);
    expect((await restore(vault, point)).equals(after)).toBe(true);
  });

  test("where the source has holes nothing is read: a sparse terabyte takes a moment", async () => {
    const key = createRepositoryKey();
    const storage = memory();
    await initRepository(storage);
    const repository = await openRepository(storage, key, { threads: 0 });
    await repository.addTenant("acme");
    const vault = await repository.openTenant("acme");
    const TIB = 2 ** 40;
    const source = {
      size_bytes: TIB,
      extents: [{ offset_bytes: TIB - MIB, length_bytes: MIB }],
      read: async (into: Buffer, offset: number) => {
        expect(offset).toBe(TIB - MIB);
        into.fill("end");
      },
    };
    const { point, figures } = await writePoint(vault, { disks: [{ name: "vda", source }] });
    expect(figures.stored_chunks).toBe(3); // the chunk, its segment, and the segment of all the others
    const written: number[] = [];
    await readDisk(vault, diskOf(point, "vda"), {
      write: async (bytes, offset) => {
        expect(bytes.equals(Buffer.alloc(MIB, "end"))).toBe(true);
        written.push(offset);
      },
    });
    expect(written).toEqual([TIB - MIB]);
  });
});

describe("a write that fails", () => {
  test("leaves no recovery point and no lock, and says why", async () => {
    const objects = new Map<string, Buffer>();
    const { vault } = await makeRepository(memory(objects));
    const broken = {
      size_bytes: 9 * CHUNK,
      async read(into: Buffer, offset: number) {
        if (offset >= 6 * CHUNK) throw new Error("the disk went away");
        into.fill(chunkOf(offset / CHUNK + 1));
      },
    };
    await expect(writePoint(vault, { disks: [{ name: "vda", source: broken }] })).rejects.toThrow(
      "went away",
    );
    expect(await listPoints(vault)).toEqual([]);
    expect([...objects.keys()].filter((name) => /locks|points/.test(name))).toEqual([]);
  });

  test("a write that is called off ends", async () => {
    const { vault } = await makeRepository(memory());
    const signal = AbortSignal.abort(new Error("called off"));
    const disks = [{ name: "vda", source: sourceOf(diskOfChunks([2, 4])) }];
    await expect(writePoint(vault, { disks, signal })).rejects.toThrow("called off");
  });
});

describe("keys", () => {
  test("a key file opens what its key made, and nobody else's does", async () => {
    const storage = memory();
    const { key, vault } = await makeRepository(storage);
    const disk = diskOfChunks([2, 4, 1]);
    const point = await write(vault, disk);
    const again = await openRepository(readOnly(storage), parseKeyFile(formatKeyFile(key)), SMALL);
    const [tenant] = await again.listTenants();
    const rescued = await again.openTenant(tenant ?? "");
    expect((await restore(rescued, await getPoint(rescued, point.id))).equals(disk)).toBe(true);
    const foreign = await openRepository(storage, createRepositoryKey(), SMALL);
    await expect(foreign.openTenant("acme")).rejects.toThrow(`give key ${key.id}`);
    expect(() => parseKeyFile("uniview-repository-key-1:abc")).toThrow("64 hex digits");
  });

  test("no byte of a disk, name or description is in the storage as it was", async () => {
    const objects = new Map<string, Buffer>();
    const { vault } = await makeRepository(memory(objects));
    const disk = Buffer.alloc(3 * CHUNK, "a secret that repeats ");
    await writePoint(vault, {
      disks: [{ name: "secret-disk", source: sourceOf(disk) }],
      labels: { server: "secret-server" },
      description: { flavor: "secret-flavor" },
    });
    for (const bytes of objects.values()) expect(bytes.includes("secret")).toBe(false);
  });

  test("tenants share no chunk, and cannot open each other's", async () => {
    const objects = new Map<string, Buffer>();
    const { repository, vault } = await makeRepository(memory(objects));
    await repository.addTenant("other");
    const other = await repository.openTenant("other");
    const disk = diskOfChunks([2, 4]);
    const point = await write(vault, disk);
    const { figures } = await writePoint(other, { disks: [{ name: "vda", source: sourceOf(disk) }] });
    expect(figures.stored_chunks).toBe(3);
    for (const [name, bytes] of [...objects])
      if (name.startsWith("tenants/acme/points/")) objects.set(name.replace("acme", "other"), bytes);
    await expect(getPoint(other, point.id)).rejects.toThrow("is damaged");
    await expect(repository.openTenant("nobody")).rejects.toThrow("has no tenant nobody");
    await expect(repository.addTenant("../acme")).rejects.toThrow("no name of a tenant");
  });

  test("after a rotation only the new key opens, and everything is still there", async () => {
    const storage = memory();
    const { key, repository, vault } = await makeRepository(storage);
    const disk = diskOfChunks([2, 4, 6]);
    const point = await write(vault, disk);
    await repository.addKeyGeneration("acme");
    const generation_2 = await repository.openTenant("acme");
    const disk_2 = diskOfChunks([2, 4, 6, 8]);
    const point_2 = await write(generation_2, disk_2);
    const next = createRepositoryKey();
    await repository.rotateKey(next);
    await expect((await openRepository(storage, key, SMALL)).openTenant("acme")).rejects.toThrow(next.id);
    const rotated = await (await openRepository(storage, next, SMALL)).openTenant("acme");
    expect((await restore(rotated, point)).equals(disk)).toBe(true);
    expect((await restore(rotated, point_2)).equals(disk_2)).toBe(true);
  });

  test("a tenant that two make at once has one key", async () => {
    const { repository } = await makeRepository(memory());
    await Promise.all([repository.addTenant("new"), repository.addTenant("new")]);
    const point = await write(await repository.openTenant("new"), diskOfChunks([2]));
    expect(await listPoints(await repository.openTenant("new"))).toEqual([point]);
  });
});

describe("a rescue", () => {
  test("without indexes the packs are enough", async () => {
    const objects = new Map<string, Buffer>();
    const { vault } = await makeRepository(memory(objects));
    const disk = diskOfChunks([2, 4, 6, 8, 10, 12, 14, 1, 3]);
    const point = await write(vault, disk);
    for (const name of objects.keys()) if (name.includes("/indexes/")) objects.delete(name);
    await expect(restore(vault, point)).rejects.toBeInstanceOf(ChunkMissing);
    expect(await rebuildIndexes(vault)).toMatchObject({ damaged: [], chunks: 9 + 3 });
    expect((await restore(vault, point)).equals(disk)).toBe(true);
  });

  test("a damaged index is replaced, and what is damaged is named", async () => {
    const objects = new Map<string, Buffer>();
    const { vault } = await makeRepository(memory(objects));
    const disk = diskOfChunks([2, 4]);
    const point = await write(vault, disk);
    const index = [...objects.keys()].find((name) => name.includes("/indexes/")) ?? "";
    objects.get(index)?.writeUInt8(1, 40);
    const report = await rebuildIndexes(vault);
    expect(report.damaged).toEqual([expect.stringContaining(index.replace("tenants/acme/", ""))]);
    expect((await restore(vault, point)).equals(disk)).toBe(true);
  });
});

describe("copying to another repository", () => {
  test("takes what is not there, once", async () => {
    const { vault: from } = await makeRepository(memory());
    const { vault: to } = await makeRepository(memory());
    const disk = diskOfChunks([2, 4, 6, 0, 8]);
    const disk_2 = diskOfChunks([2, 4, 6, 0, 10]);
    const first = await write(from, disk, "2026-01-01T00:00:00.000Z");
    const { copied } = await copyPoints(from, to);
    expect(copied).toMatchObject([{ taken_at: first.taken_at, copied_from: { point: first.id } }]);
    const second = await write(from, disk_2, "2026-01-02T00:00:00.000Z");
    const more = await copyPoints(from, to);
    expect(more.copied).toMatchObject([{ copied_from: { point: second.id } }]);
    expect(more.stored_bytes).toBeLessThan(2 * CHUNK); // one chunk and one segment
    expect((await copyPoints(from, to)).copied).toEqual([]);
    const restored = await Promise.all((await listPoints(to)).map((point) => restore(to, point)));
    expect(restored.map((bytes, index) => bytes.equals([disk, disk_2][index] ?? bytes))).toEqual([
      true,
      true,
    ]);
  });
});

test("an id that is none, and a point that is none, are told apart", async () => {
  const { vault } = await makeRepository(memory());
  await expect(getPoint(vault, "nonsense")).rejects.toThrow("32 hex digits");
  await expect(getPoint(vault, "0".repeat(32))).rejects.toBeInstanceOf(ObjectMissing);
});

test("a repository is not made over another", async () => {
  const storage = memory();
  await makeRepository(storage);
  await expect(initRepository(storage)).rejects.toThrow("already");
  await expect(initRepository(memory(), { chunk_bytes: 5000 })).rejects.toThrow("power of two");
});
