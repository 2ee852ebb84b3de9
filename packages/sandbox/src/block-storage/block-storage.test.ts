import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { type Body, openSite, SiteClient } from "../testing/site-client.ts";

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;

beforeAll(async () => {
  site = await openSite();
  demo = await SiteClient.signIn(site);
});
afterAll(() => site[Symbol.asyncDispose]());

async function volume(wish: Body): Promise<string> {
  const made = await demo.create("volume", "/volumes", "volume", { volume: wish });
  const id = String(made["id"]);
  await demo.untilVolume(id, "available");
  return id;
}

const act = (id: string, json: unknown) => demo.ask("POST", "volume", `/volumes/${id}/action`, { json });

test("a volume is made of an image, inherits its properties and is bootable", async () => {
  const [image] = await demo.list("image", "/images?name=debian-12", "images");
  const id = await volume({ size: 1, name: "root", imageRef: image?.["id"] });
  expect(await demo.get("volume", `/volumes/${id}`, "volume")).toMatchObject({
    bootable: "true",
    volume_type: "ceph",
    "os-vol-tenant-attr:tenant_id": demo.project_id,
    volume_image_metadata: {
      image_id: image?.["id"],
      image_name: "debian-12",
      os_distro: "debian",
      min_ram: "64",
    },
  });
});

test("bad sizes, types and quotas are refused in Cinder's words", async () => {
  const refused = async (wish: Body) =>
    (await demo.ask("POST", "volume", "/volumes", { json: { volume: wish } })).text;
  expect(await refused({})).toContain("either malformed or otherwise incorrect");
  expect(await refused({ size: 0 })).toContain("0 is less than the minimum of 1");
  expect(await refused({ size: 1, volume_type: "nope" })).toContain(
    "Volume type with name nope could not be found.",
  );
  const over = await demo.ask("POST", "volume", "/volumes", { json: { volume: { size: 100_000 } } });
  expect(over.status).toBe(413);
  expect(over.headers.get("retry-after")).toBe("0");
  expect(over.text).toContain(
    "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested 100000G, quota is 1000G",
  );
});

test("a snapshot keeps its volume, and becomes a volume again", async () => {
  const id = await volume({ size: 1 });
  const snapshot = await demo.create("volume", "/snapshots", "snapshot", {
    snapshot: { volume_id: id, name: "s" },
  });
  await demo.until(
    "volume",
    `/snapshots/${snapshot["id"]}`,
    "snapshot",
    (one) => one["status"] === "available",
  );
  const kept = await demo.ask("DELETE", "volume", `/volumes/${id}`);
  expect(kept.status).toBe(400);
  const again = await volume({ snapshot_id: snapshot["id"] });
  expect(await demo.get("volume", `/volumes/${again}`, "volume")).toMatchObject({
    size: 1,
    snapshot_id: snapshot["id"],
  });
  expect((await demo.ask("DELETE", "volume", `/snapshots/${snapshot["id"]}`)).status).toBe(202);
  await demo.untilGone("volume", `/snapshots/${snapshot["id"]}`);
  expect((await demo.ask("DELETE", "volume", `/volumes/${id}`)).status).toBe(202);
  await demo.untilGone("volume", `/volumes/${id}`);
});

test("an in-use volume is snapshot with force, or without it from 3.66; uploading it is forbidden", async () => {
  const id = await volume({ size: 1 });
  const [flavor] = await demo.list("compute", "/flavors/detail", "flavors");
  const [image] = await demo.list("image", "/images?name=cirros-0.6", "images");
  const wish = { name: "s", flavorRef: flavor?.["id"], imageRef: image?.["id"], networks: "none" };
  const mapping = [{ uuid: id, source_type: "volume", destination_type: "volume", boot_index: -1 }];
  const json = { server: { ...wish, block_device_mapping_v2: mapping } };
  expect((await demo.ask("POST", "compute", "/servers", { json, version: "compute 2.37" })).status).toBe(202);
  await demo.untilVolume(id, "in-use");
  const take = (more: Body, version: string) =>
    demo.ask("POST", "volume", "/snapshots", { json: { snapshot: { volume_id: id, ...more } }, version });
  expect((await take({}, "volume 3.60")).text).toContain(
    "status must be available, but current status is: in-use.",
  );
  expect((await take({ force: true }, "volume 3.60")).status).toBe(202);
  expect((await take({}, "volume 3.66")).status).toBe(202);
  expect((await take({ force: false }, "volume 3.66")).status).toBe(400);
  const upload = { "os-volume_upload_image": { image_name: "x", force: true } };
  expect((await act(id, upload)).text).toContain("enable_force_upload");
});

test("extending, bootable flag and image metadata", async () => {
  const id = await volume({ size: 1 });
  expect((await act(id, { "os-extend": { new_size: 1 } })).status).toBe(400);
  expect((await act(id, { "os-extend": { new_size: 2 } })).status).toBe(202);
  expect(await demo.untilVolume(id, "available")).toMatchObject({ size: 2 });
  expect((await act(id, { "os-set_bootable": { bootable: true } })).status).toBe(200);
  expect((await act(id, { "os-set_image_metadata": { metadata: { hw_disk_bus: "scsi" } } })).body).toEqual({
    metadata: { hw_disk_bus: "scsi" },
  });
  expect(await demo.get("volume", `/volumes/${id}`, "volume")).toMatchObject({
    bootable: "true",
    volume_image_metadata: { hw_disk_bus: "scsi" },
  });
});

test("metadata is set, merged and deleted, and lists filter by it", async () => {
  const id = await volume({ size: 1, metadata: { job: "1" } });
  const path = `/volumes/${id}/metadata`;
  expect((await demo.ask("POST", "volume", path, { json: { metadata: { b: "2" } } })).body).toEqual({
    metadata: { job: "1", b: "2" },
  });
  expect((await demo.ask("DELETE", "volume", `${path}/b`)).status).toBe(200);
  expect((await demo.ask("DELETE", "volume", `${path}/b`)).status).toBe(404);
  const found = await demo.list(
    "volume",
    `/volumes/detail?metadata=${encodeURIComponent("{'job': '1'}")}`,
    "volumes",
  );
  expect(found.map((one) => one["id"])).toEqual([id]);
});

test("pages link to the next, and another project's path is a malformed URL", async () => {
  await volume({ size: 1 });
  await volume({ size: 1 });
  const page = await demo.ask("GET", "volume", "/volumes?limit=1");
  expect(page.body["volumes_links"]).toEqual([
    { rel: "next", href: expect.stringContaining(`/v3/${demo.project_id}/volumes?limit=1&marker=`) },
  ]);
  const other = `${site.url}/volume/v3/${"a".repeat(32)}/volumes`;
  const answer = await fetch(other, { headers: { "x-auth-token": demo.token } });
  expect(await answer.json()).toEqual({ badRequest: { code: 400, message: "Malformed request url" } });
});
