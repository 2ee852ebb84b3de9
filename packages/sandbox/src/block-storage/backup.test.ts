import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { openSite, SiteClient } from "../testing/site-client.ts";

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;

beforeAll(async () => {
  site = await openSite({ release: "2026.1" });
  demo = await SiteClient.signIn(site);
});
afterAll(() => site[Symbol.asyncDispose]());

type Row = Record<string, unknown>;

async function settled(path: string, key: string, status = "available"): Promise<Row> {
  await expect
    .poll(async () => ((await demo.ask("GET", "volume", path)).body[key] as Row)["status"], {
      timeout: 30_000,
    })
    .toBe(status);
  return (await demo.ask("GET", "volume", path)).body[key] as Row;
}

async function volumeOf(wish: Row, version?: string): Promise<string> {
  const options = { json: { volume: { size: 1, name: "v", ...wish } }, ...(version ? { version } : {}) };
  const made = await demo.ask("POST", "volume", "/volumes", options);
  const id = String((made.body["volume"] as Row)["id"]);
  await settled(`/volumes/${id}`, "volume");
  return id;
}

async function bytesOf(volume_id: string): Promise<string | undefined> {
  return (await site.disks()).find(({ id }) => id === volume_id)?.sha256;
}

const act = (id: string, json: Row, version: string) =>
  demo.ask("POST", "volume", `/volumes/${id}/action`, { json, version });

async function backUp(wish: Row, version = "volume 3.43"): Promise<string> {
  const made = await demo.ask("POST", "volume", "/backups", { json: { backup: wish }, version });
  expect(made.status).toBe(202);
  const id = String((made.body["backup"] as Row)["id"]);
  await settled(`/backups/${id}`, "backup");
  return id;
}

async function imageId(): Promise<string> {
  const [image] = await demo.list("image", "/images?name=cirros-0.6", "images");
  return String(image?.["id"]);
}

test("a backup holds a volume's bytes, and becomes a volume again in either way", async () => {
  const volume_id = await volumeOf({ imageRef: await imageId() });
  const bytes = await bytesOf(volume_id);
  const backup_id = await backUp({ volume_id, name: "b" });
  const created = await volumeOf({ backup_id }, "volume 3.47");
  expect(await bytesOf(created)).toBe(bytes);
  const blank = await volumeOf({});
  expect(await bytesOf(blank)).not.toBe(bytes);
  const restore = { restore: { volume_id: blank } };
  expect((await demo.ask("POST", "volume", `/backups/${backup_id}/restore`, { json: restore })).status).toBe(
    202,
  );
  await settled(`/volumes/${blank}`, "volume");
  expect(await bytesOf(blank)).toBe(bytes);
});

test("an incremental backup needs one to build upon, which then has to stay", async () => {
  const volume_id = await volumeOf({});
  const order = { backup: { volume_id, name: "more", incremental: true } };
  expect((await demo.ask("POST", "volume", "/backups", { json: order })).status).toBe(400);
  const full = await backUp({ volume_id, name: "full" });
  const more = await backUp({ volume_id, name: "more", incremental: true });
  expect(await settled(`/backups/${more}`, "backup")).toMatchObject({ is_incremental: true });
  expect((await demo.ask("DELETE", "volume", `/backups/${full}`)).status).toBe(400);
  expect((await demo.ask("DELETE", "volume", `/backups/${more}`)).status).toBe(202);
  await expect.poll(async () => (await demo.ask("GET", "volume", `/backups/${more}`)).status).toBe(404);
  expect((await demo.ask("DELETE", "volume", `/backups/${full}`)).status).toBe(202);
});

test("marks of a backup are refused by versions that do not know them", async () => {
  const volume_id = await volumeOf({});
  const json = { backup: { volume_id, metadata: { a: "b" } } };
  expect((await demo.ask("POST", "volume", "/backups", { json, version: "volume 3.42" })).status).toBe(400);
});

test("a volume is set back to its latest snapshot, and to no other", async () => {
  const volume_id = await volumeOf({});
  const bytes = await bytesOf(volume_id);
  const snap = async () => {
    const made = await demo.ask("POST", "volume", "/snapshots", { json: { snapshot: { volume_id } } });
    const id = String((made.body["snapshot"] as Row)["id"]);
    await settled(`/snapshots/${id}`, "snapshot");
    return id;
  };
  const first = await snap();
  expect((await act(volume_id, { "os-reimage": { image_id: await imageId() } }, "volume 3.68")).status).toBe(
    202,
  );
  await settled(`/volumes/${volume_id}`, "volume");
  expect(await bytesOf(volume_id)).not.toBe(bytes);
  expect((await act(volume_id, { revert: { snapshot_id: first } }, "volume 3.40")).status).toBe(202);
  await settled(`/volumes/${volume_id}`, "volume");
  expect(await bytesOf(volume_id)).toBe(bytes);
  await snap();
  expect((await act(volume_id, { revert: { snapshot_id: first } }, "volume 3.40")).status).toBe(400);
});
