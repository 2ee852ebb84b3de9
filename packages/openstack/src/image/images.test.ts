import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { onSite } from "../../test/on-site.ts";
import { authorizeImageData, downloadImageData, uploadImageData } from "./image-data.ts";
import { createImage, updateImage } from "./images.ts";

const DISK = Buffer.alloc(1_000_000, "uniview");

test("properties stand beside Glance's own fields", async () => {
  await onSite({ type: "image" }, async ({ client, answer, site }) => {
    answer("POST /images", { status: 201, json: { id: "i1" } });
    const properties = { os_type: "linux" };
    await createImage(client, { name: "n", disk_format: "raw", container_format: "bare", properties });
    expect(JSON.parse(site.requests.at(-1)?.body.toString() ?? "")).toEqual({
      name: "n",
      disk_format: "raw",
      container_format: "bare",
      os_type: "linux",
    });
  });
});

test("a change is a JSON patch of Glance's own type", async () => {
  await onSite({ type: "image" }, async ({ client, answer, site }) => {
    answer("PATCH /images/i1", { json: { id: "i1" } });
    await updateImage(client, "i1", { min_disk: 1, "a/b~c": "x" });
    expect(site.requests.at(-1)?.headers["content-type"]).toBe(
      "application/openstack-images-v2.1-json-patch",
    );
    expect(JSON.parse(site.requests.at(-1)?.body.toString() ?? "")).toEqual([
      { op: "add", path: "/min_disk", value: 1 },
      { op: "add", path: "/a~1b~0c", value: "x" },
    ]);
  });
});

test("bytes go up as they are, with their length", async () => {
  await onSite({ type: "image" }, async ({ client, answer, site }) => {
    answer("PUT /images/i1/file", { status: 204 });
    await uploadImageData(client, "i1", Readable.from([DISK]), { size_bytes: DISK.length });
    const { body, headers } = site.requests.at(-1) ?? {};
    expect(body?.equals(DISK)).toBe(true);
    expect(headers?.["content-length"]).toBe(String(DISK.length));
    expect(headers?.["transfer-encoding"]).toBeUndefined();
    expect(headers?.["content-type"]).toBe("application/octet-stream");
  });
});

test("an upload that is refused says why", async () => {
  await onSite({ type: "image" }, async ({ client, answer }) => {
    answer("PUT /images/i1/file", {
      status: 413,
      text: "<html><body>Image exceeds the storage quota</body></html>",
    });
    const uploading = uploadImageData(client, "i1", Readable.from([DISK]), { size_bytes: DISK.length });
    await expect(uploading).rejects.toMatchObject({ status: 413, reason: "Image exceeds the storage quota" });
  });
});

test("a part is read where the site can, and the whole where it cannot", async () => {
  await onSite({ type: "image" }, async ({ client, answer }) => {
    const part = DISK.subarray(600_000).toString();
    const headers = { "content-range": `bytes 600000-999999/${DISK.length}`, "content-length": "400000" };
    const read = async () => {
      const data = await downloadImageData(client, "i1", { offset_bytes: 600_000 });
      const bytes = Buffer.concat(await data.body.toArray());
      expect(bytes.equals(DISK.subarray(data.offset_bytes))).toBe(true);
      return [data.offset_bytes, data.size_bytes];
    };
    answer("GET /images/i1/file", { status: 206, headers, text: part });
    expect(await read()).toEqual([600_000, 400_000]);
    answer("GET /images/i1/file", { text: DISK.toString() });
    expect((await read())[0]).toBe(0);
    answer("GET /images/i1/file", (request) =>
      request.headers.range === undefined
        ? { text: DISK.toString() }
        : { status: 400, text: "Getting images randomly from this store is not supported." },
    );
    expect((await read())[0]).toBe(0);
  });
});

test("a source that breaks is not blamed on the site", async () => {
  await onSite({ type: "image" }, async ({ client, answer }) => {
    answer("PUT /images/i1/file", { status: 204 });
    const broken = new Readable({ read() {} });
    broken.push(DISK);
    setImmediate(() =>
      broken.destroy(Object.assign(new Error("the source went away"), { code: "ECONNRESET" })),
    );
    const uploading = uploadImageData(client, "i1", broken, { size_bytes: 2 * DISK.length });
    await expect(uploading).rejects.toThrow("the source went away");
  });
});

test("a token that ended is renewed for a download", async () => {
  await onSite({ type: "image" }, async ({ client, answer, site }) => {
    let tries = 0;
    answer("GET /images/i1/file", () => {
      tries += 1;
      return tries === 1 ? { status: 401, text: "Authentication required" } : { text: "bytes" };
    });
    const { body } = await downloadImageData(client, "i1");
    expect(String(Buffer.concat(await body.toArray()))).toBe("bytes");
    expect(site.log.filter((line) => line.startsWith("POST /v3"))).toHaveLength(2);
  });
});

test("a mover gets a URL and a token", async () => {
  await onSite({ type: "image" }, async ({ client, site }) => {
    expect(await authorizeImageData(client, "i1")).toMatchObject({
      url: `${site.url}/image/v2/images/i1/file`,
      headers: { "x-auth-token": "token-1" },
    });
  });
});
