import { expect, test } from "vitest";
import { onSite } from "../../test/on-site.ts";
import { getBlockStorageQuota } from "./limits.ts";
import { createSnapshot } from "./snapshots.ts";
import { createVolume, waitForVolume, waitForVolumeGone } from "./volumes.ts";

const bodyOf = (request: { body: Buffer } | undefined) => JSON.parse(request?.body.toString() ?? "null");

test("a snapshot of a volume in use needs force below 3.66, and must not have it above", async () => {
  for (const [max, asked, force] of [
    ["3.66", "volume 3.66", undefined],
    ["3.65", undefined, true],
  ] as const) {
    await onSite({ type: "block-storage", max }, async ({ client, answer, site }) => {
      answer("POST /snapshots", { status: 202, json: { snapshot: { id: "sn1" } } });
      await createSnapshot(client, { volume_id: "v1", name: "n" });
      expect(bodyOf(site.requests.at(-1)).snapshot.force).toBe(force);
      expect(site.requests.at(-1)?.headers["openstack-api-version"]).toBe(asked);
    });
  }
});

test("a volume from the image of a server asks for 3.46, and an older site gets its snapshot", async () => {
  for (const [max, asked, source] of [
    ["3.46", "volume 3.46", { imageRef: "i1" }],
    ["3.45", undefined, { snapshot_id: "sn1" }],
  ] as const) {
    await onSite({ type: "block-storage", max }, async ({ client, answer, site }) => {
      answer("POST /volumes", { status: 202, json: { volume: { id: "v1" } } });
      await createVolume(client, { name: "n", size: 1, imageRef: "i1", image_snapshot_id: "sn1" });
      expect(bodyOf(site.requests.at(-1)).volume).toEqual({ name: "n", size: 1, ...source });
      expect(site.requests.at(-1)?.headers["openstack-api-version"]).toBe(asked);
    });
  }
});

test("a quota that is used up is no passing trouble", async () => {
  await onSite({ type: "block-storage", max: "3.70" }, async ({ client, answer }) => {
    const overLimit = { code: 413, message: "Requested 100000G, quota is 1000G.", retryAfter: "0" };
    answer("POST /volumes", { status: 413, headers: { "retry-after": "0" }, json: { overLimit } });
    const creating = createVolume(client, { name: "n", size: 100_000 });
    await expect(creating).rejects.toMatchObject({ status: 413, retryable: false });
  });
});

test("a volume that ends in an error is not waited for any longer", async () => {
  await onSite({ type: "block-storage", max: "3.70" }, async ({ client, answer }) => {
    answer("GET /volumes/v1", { json: { volume: { id: "v1", status: "error_restoring" } } });
    await expect(waitForVolume(client, "v1", "available")).rejects.toMatchObject({
      status: "error_restoring",
    });
  });
});

test("a deletion that Cinder takes back because its storage is busy can be asked for again", async () => {
  await onSite({ type: "block-storage", max: "3.70" }, async ({ client, answer }) => {
    const statuses = ["in-use", "deleting", "available"];
    answer("GET /volumes/v1", () => ({ json: { volume: { id: "v1", status: statuses.shift() } } }));
    const waiting = waitForVolumeGone(client, "v1");
    await expect(waiting).rejects.toMatchObject({ kind: "failed", status: "available", retryable: true });
    await expect(waiting).rejects.toThrow("gave up deleting the volume v1");
  });
});

test("quotas per volume type are read, and the set's own id is none", async () => {
  await onSite({ type: "block-storage", max: "3.70" }, async ({ client, answer }) => {
    const row = { limit: -1, in_use: 0, reserved: 0 };
    answer("GET /os-quota-sets/p1", { json: { quota_set: { id: "p1", gigabytes_ssd: row } } });
    expect(await getBlockStorageQuota(client, "p1")).toEqual({ gigabytes_ssd: row });
  });
});
