import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { openSite, SiteClient } from "../testing/site-client.ts";

const OCTETS = { "content-type": "application/octet-stream" };
const PATCH = { "content-type": "application/openstack-images-v2.1-json-patch" };
const BYTES = new Uint8Array(randomBytes(300_000));

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;

beforeAll(async () => {
  site = await openSite();
  demo = await SiteClient.signIn(site);
});
afterAll(() => site[Symbol.asyncDispose]());

async function newImage(more: object = {}): Promise<string> {
  const wish = { name: "mine", disk_format: "raw", container_format: "bare", ...more };
  const answer = await demo.ask("POST", "image", "/images", { json: wish });
  expect(answer.status).toBe(201);
  return String(answer.body["id"]);
}

test("an image goes from queued to active with checksums of its real bytes", async () => {
  const id = await newImage({ hw_disk_bus: "virtio", tags: ["a"] });
  expect((await demo.ask("GET", "image", `/images/${id}`)).body).toMatchObject({
    status: "queued",
    size: null,
    visibility: "shared",
    owner: demo.project_id,
    hw_disk_bus: "virtio",
    self: `/v2/images/${id}`,
  });
  expect((await demo.ask("GET", "image", `/images/${id}/file`)).status).toBe(204);
  expect(
    (await demo.ask("PUT", "image", `/images/${id}/file`, { body: BYTES, headers: OCTETS })).status,
  ).toBe(204);
  expect((await demo.ask("GET", "image", `/images/${id}`)).body).toMatchObject({
    status: "active",
    size: BYTES.length,
    virtual_size: BYTES.length,
    checksum: createHash("md5").update(BYTES).digest("hex"),
    os_hash_algo: "sha512",
    os_hash_value: createHash("sha512").update(BYTES).digest("hex"),
  });
  const again = await demo.ask("PUT", "image", `/images/${id}/file`, { body: BYTES, headers: OCTETS });
  expect(again.status).toBe(409);
});

test("a range is answered with 206, one behind the end with 416", async () => {
  const id = await newImage();
  await demo.ask("PUT", "image", `/images/${id}/file`, { body: BYTES, headers: OCTETS });
  const url = `${demo.endpoint("image")}/images/${id}/file`;
  const headers = { "x-auth-token": demo.token, range: "bytes=1000-1999" };
  const part = await fetch(url, { headers });
  expect(part.status).toBe(206);
  expect(part.headers.get("content-range")).toBe(`bytes 1000-1999/${BYTES.length}`);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(Buffer.from(BYTES.subarray(1000, 2000)));
  const rest = await fetch(url, { headers: { ...headers, range: `bytes=${BYTES.length - 5}-` } });
  expect(Buffer.from(await rest.arrayBuffer())).toEqual(Buffer.from(BYTES.subarray(-5)));
  expect((await fetch(url, { headers: { ...headers, range: "bytes=999999999-" } })).status).toBe(416);
});

test("changes are made all or none, and read-only attributes stay", async () => {
  const id = await newImage({ foo: "bar" });
  const patch = (json: unknown) => demo.ask("PATCH", "image", `/images/${id}`, { json, headers: PATCH });
  const good = await patch([
    { op: "replace", path: "/name", value: "new" },
    { op: "add", path: "/extra", value: "1" },
    { op: "remove", path: "/foo" },
  ]);
  expect(good.body).toMatchObject({ name: "new", extra: "1" });
  expect(good.body).not.toHaveProperty("foo");
  const bad = await patch([
    { op: "replace", path: "/name", value: "never" },
    { op: "remove", path: "/zzz" },
  ]);
  expect(bad.status).toBe(409);
  expect((await patch([{ op: "replace", path: "/status", value: "active" }])).status).toBe(403);
  expect((await patch([{ op: "replace", path: "/visibility", value: "public" }])).status).toBe(403);
  expect((await demo.ask("PATCH", "image", `/images/${id}`, { json: [] })).status).toBe(415);
  expect((await demo.ask("GET", "image", `/images/${id}`)).body["name"]).toBe("new");
});

test("a protected image is not deleted, errors are JSON for those who accept it and text for those who say nothing", async () => {
  const id = await newImage({ protected: true });
  const answer = await demo.ask("DELETE", "image", `/images/${id}`);
  expect(answer.status).toBe(403);
  expect(answer.body["message"]).toContain(`Image ${id} is protected and cannot be deleted.`);
  const plain = await demo.ask("GET", "image", "/images/none", { headers: { accept: "" } });
  expect(plain.text).toBe("404 Not Found\n\nNo image found with ID none\n\n   ");
});

test("a qcow2 has the virtual size that its header says; bytes that are none are refused", async () => {
  const [public_image] = (await demo.list("image", "/images?name=debian-12", "images")) as Array<{
    id: string;
  }>;
  const image = await demo.ask("GET", "image", `/images/${public_image?.id}`);
  expect(image.body).toMatchObject({
    disk_format: "qcow2",
    virtual_size: 64 * 2 ** 20,
    visibility: "public",
  });
  expect(Number(image.body["size"])).toBeLessThan(32 * 2 ** 20);
  const id = await newImage({ disk_format: "qcow2" });
  expect(
    (await demo.ask("PUT", "image", `/images/${id}/file`, { body: BYTES, headers: OCTETS })).status,
  ).toBe(400);
  expect((await demo.ask("GET", "image", `/images/${id}`)).body["status"]).toBe("queued");
});

test("lists page by marker and filter by name, tag and owner", async () => {
  await newImage({ name: "paged", tags: ["job:1", "x"] });
  await newImage({ name: "paged" });
  const first = await demo.ask("GET", "image", "/images?name=paged&limit=1");
  const next = String(first.body["next"]).replace("/v2", "");
  expect((await demo.list("image", next, "images")).length).toBe(1);
  expect((await demo.list("image", "/images?tag=job:1", "images")).length).toBe(1);
  expect((await demo.list("image", "/images?owner=nobody", "images")).length).toBe(0);
});

test("another project's image is not found", async () => {
  const id = await newImage();
  await using other = await openSite();
  const admin = await SiteClient.admin(other);
  expect((await admin.ask("GET", "image", `/images/${id}`)).status).toBe(404);
});
