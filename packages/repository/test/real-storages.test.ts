import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  collectGarbage,
  createRepositoryKey,
  diskOf,
  forgetPoints,
  initRepository,
  listPoints,
  openRepository,
  openStorage,
  type RecoveryPoint,
  readDisk,
  StorageRefused,
  type Vault,
  verify,
  writePoint,
} from "../src/index.ts";
import { storageSuite } from "../src/storage/testing/storage-suite.ts";
import { sourceOf } from "../src/testing/disks.ts";
import { type KeystoneGate, openKeystoneGate } from "./keystone-gate.ts";
import { FETCH_PATIENCE_MS, type SwiftServer, startSwift } from "./swift/swift-server.ts";

const MIB = 1024 * 1024;
let server: SwiftServer;
let keystone: KeystoneGate;
let made = 0;
beforeAll(async () => {
  server = await startSwift();
  await server.makeContainer("repositories");
  keystone = await openKeystoneGate(server);
}, FETCH_PATIENCE_MS);
afterAll(async () => {
  await keystone?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const aws = () => ({ AWS_ACCESS_KEY_ID: server.user, AWS_SECRET_ACCESS_KEY: server.key });
const own = () => ({ ST_AUTH: `${server.url}/auth/v1.0`, ST_USER: server.user, ST_KEY: server.key });
const application = {
  OS_APPLICATION_CREDENTIAL_ID: "application",
  OS_APPLICATION_CREDENTIAL_SECRET: "hunter2",
};
const openS3 = (place = `repositories/folder/${made++}`) =>
  openStorage(`s3://${place}?endpoint=${server.url}`, aws());
const openSwift = (place = `repositories/folder/${made++}`) =>
  openStorage(`swift://${place}?settle_s=0`, own());
const openByKeystone = (place = `repositories/folder/${made++}`, more = "&region=two") =>
  openStorage(`swift://${place}?settle_s=0&auth_url=${keystone.url}${more}`, application);

describe("against Swift of Debian", () => {
  storageSuite("S3", () => openS3());
  storageSuite("Swift", () => openSwift());
});

describe.each([
  ["S3", openS3],
  ["Swift", openSwift],
])("a repository in %s", (_, open) => {
  test("full, incremental, restore, forget, gc, verify", async () => {
    const key = createRepositoryKey();
    const place = `repositories/cycle/${made++}`;
    const storage = await open(place);
    await initRepository(storage);
    const repository = await openRepository(storage, key, { threads: 0, pack_bytes: 4 * MIB });
    await repository.addTenant("acme");
    const vault = await repository.openTenant("acme");

    const disk = Buffer.concat([randomBytes(9 * MIB), Buffer.alloc(5 * MIB), randomBytes(3 * MIB + 512)]);
    const full = await writeDisk(vault, disk);
    expect(full.figures.stored_bytes).toBeGreaterThan(12 * MIB);
    const later = Buffer.from(disk);
    randomBytes(2 * MIB).copy(later, MIB);
    const incremental = await writeDisk(vault, later);
    expect(incremental.figures.stored_bytes).toBeLessThan(3 * MIB);
    expect((await restored(vault, full.point)).equals(disk)).toBe(true);
    expect((await restored(vault, incremental.point)).equals(later)).toBe(true);

    await forgetPoints(vault, [full.point.id]);
    const report = await collectGarbage(vault, { min_reached_share: 1 });
    expect(report.freed_bytes).toBeGreaterThan(2 * MIB);

    // somebody else, who has nothing but the URL, the credentials and the key
    const again = await openRepository(await open(place), key, { threads: 0 });
    const rescued = await again.openTenant("acme");
    expect((await verify(rescued)).problems).toEqual([]);
    const [point] = await listPoints(rescued);
    expect(point?.id).toBe(incremental.point.id);
    expect((await restored(rescued, incremental.point)).equals(later)).toBe(true);
  });
});

describe("errors", () => {
  test.each([
    ["S3", openS3],
    ["Swift", openSwift],
  ])("a bucket or container that is not there is not an object that is missing: %s", async (_, open) => {
    const storage = await open("nowhere");
    await expect(storage.get("config")).rejects.toThrow(/make the (bucket|container) first/);
    await expect(storage.get("config")).rejects.toBeInstanceOf(StorageRefused);
    await expect(storage.put("config", Buffer.from("x"))).rejects.toBeInstanceOf(StorageRefused);
  });

  test.each([
    ["S3", () => `s3://repositories?endpoint=${server.url}`, "correct AWS_SECRET_ACCESS_KEY"],
    ["Swift", () => `swift://repositories?auth_url=${server.url}/auth/v1.0`, "correct ST_USER and ST_KEY"],
    [
      "Keystone",
      () => `swift://repositories?auth_url=${keystone.url}`,
      "correct the password or application",
    ],
  ])("wrong credentials at %s are told, not repeated and not tried again", async (_, url, remedy) => {
    const storage = await openStorage(url(), {
      AWS_ACCESS_KEY_ID: server.user,
      AWS_SECRET_ACCESS_KEY: "swordfish",
      ST_USER: server.user,
      ST_KEY: "swordfish",
      OS_APPLICATION_CREDENTIAL_ID: "application",
      OS_APPLICATION_CREDENTIAL_SECRET: "swordfish",
    });
    const failed = storage.get("config");
    await expect(failed).rejects.toThrow(remedy);
    await expect(failed).rejects.toBeInstanceOf(StorageRefused);
    await expect(failed).rejects.not.toThrow(/swordfish/);
  });

  test("a user without a role is told what is missing", async () => {
    const { user, key } = server.stranger;
    const env = { ...own(), ST_USER: user, ST_KEY: key };
    const storage = await openStorage("swift://repositories", env);
    await expect(storage.get("config")).rejects.toThrow("give this user a role");
  });

  test("an object store that is not in the catalog, or twice, is told with those that are", async () => {
    await expect((await openByKeystone("repositories", "")).get("config")).rejects.toThrow(
      "choose one by region (admin in one, public in one, public in two)",
    );
    await expect((await openByKeystone("repositories", "&region=three")).get("config")).rejects.toThrow(
      "no public object store in region three",
    );
  });
});

test.each([
  ["S3", openS3],
  ["Swift", openSwift],
])("a range is read into memory of the caller: %s", async (_, open) => {
  const storage = await open();
  const bytes = randomBytes(3 * MIB);
  await storage.put("object", bytes);
  const into = new Uint8Array(new SharedArrayBuffer(MIB + 10));
  const got = await storage.get("object", { offset: 1000, length: MIB }, into);
  expect(got.buffer).toBe(into.buffer);
  expect(Buffer.from(into.subarray(0, MIB)).equals(bytes.subarray(1000, 1000 + MIB))).toBe(true);
});

test("a token that is not taken any more is replaced once, however many calls meet it", async () => {
  const storage = await openByKeystone();
  await storage.put("object", Buffer.from("x"));
  const before = keystone.signIns();
  await server.forgetTokens();
  const got = await Promise.all(Array.from({ length: 8 }, () => storage.get("object")));
  expect(got.map(String)).toEqual(Array.from({ length: 8 }, () => "x"));
  expect(keystone.signIns()).toBe(before + 1);
});

async function writeDisk(vault: Vault, disk: Buffer) {
  return writePoint(vault, { disks: [{ name: "vda", source: sourceOf(disk) }] });
}

async function restored(vault: Vault, point: RecoveryPoint): Promise<Buffer> {
  const disk = diskOf(point, "vda");
  const bytes = Buffer.alloc(disk.size_bytes);
  await readDisk(vault, disk, {
    async write(part, offset) {
      part.copy(bytes, offset);
    },
  });
  return bytes;
}
