import { once } from "node:events";
import { mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransferFigures, type TransferSpecInput } from "@uniview/api/mover";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { createControl } from "./control.ts";
import { CHUNK_BYTES } from "./spool.ts";
import { checksumsOf, type ImageSite, makeImage, startImageSite } from "./testing.ts";

const TOKEN = "0123456789012345678901234567890123456789";
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A mover in this process, with a spool of its own. */
async function startMover() {
  const spool_dir = await mkdtemp(join(tmpdir(), "mover-"));
  const control = createControl({ token: TOKEN, spool_dir, allow_link_local: false, allow_paths: [] });
  control.listen(0, "127.0.0.1");
  await once(control, "listening");
  closing.push(() => rm(spool_dir, { recursive: true, force: true }));
  const call = async (method: string, path: string, body?: unknown, token = TOKEN) => {
    const response = await fetch(`http://127.0.0.1:${(control.address() as AddressInfo).port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: response.status === 204 ? undefined : await response.json() };
  };
  const put = async (spec: unknown, id = "t") => (await call("PUT", `/transfers/${id}`, spec)).body;
  closing.push(async () => {
    await call("DELETE", "/transfers/t");
    control.closeAllConnections();
    control.close();
  });
  const until = async (wanted: (figures: TransferFigures) => boolean): Promise<TransferFigures> => {
    for (let since = 0; ; ) {
      const figures = TransferFigures.parse(
        (await call("GET", `/transfers/t?since=${since}&wait_ms=20000`)).body,
      );
      if (wanted(figures)) return figures;
      since = figures.revision;
    }
  };
  const end = async () => until(({ state }) => state === "succeeded" || state === "failed");
  return { spool_dir, call, put, until, end };
}

async function startSite(image: Buffer): Promise<ImageSite> {
  const site = await startImageSite(image);
  closing.push(() => site.close());
  return site;
}

function specOf(site: ImageSite, more: Partial<TransferSpecInput> = {}): TransferSpecInput {
  return { source: { url: site.source_url }, target: { url: site.target_url }, size_bytes: null, ...more };
}

const servedBytes = (site: ImageSite) => site.served.reduce((sum, { bytes }) => sum + bytes, 0);

test("an image arrives byte for byte, with the checksums of what was sent", async () => {
  const image = makeImage(5 * CHUNK_BYTES + 1234, [1, 2]);
  const [site, mover] = [await startSite(image), await startMover()];
  await mover.put(specOf(site, { size_bytes: image.length }));
  const figures = await mover.end();
  expect(figures).toMatchObject({
    state: "succeeded",
    bytes_total: image.length,
    bytes_sent: image.length,
    zero_bytes: 2 * CHUNK_BYTES,
    checksums: checksumsOf(image),
  });
  expect(site.uploads.at(-1)?.bytes.equals(image)).toBe(true);
  expect(await readdir(join(mover.spool_dir, "t"))).toEqual(["outcome.json"]);
});

test("an empty image is an image", async () => {
  const [site, mover] = [await startSite(Buffer.alloc(0)), await startMover()];
  await mover.put(specOf(site));
  expect(await mover.end()).toMatchObject({
    state: "succeeded",
    bytes_total: 0,
    checksums: checksumsOf(Buffer.alloc(0)),
  });
});

test("wherever the connections break, the image arrives whole and no chunk is read twice", async () => {
  const cut = fc.integer({ min: 1, max: 3 * CHUNK_BYTES });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 * CHUNK_BYTES }),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      fc.array(cut, { maxLength: 2 }),
      fc.array(cut, { maxLength: 2 }),
      async (size, zeros, source_cuts, target_cuts) => {
        const image = makeImage(size, zeros);
        const [site, mover] = [await startSite(image), await startMover()];
        site.source.drop_after = [...source_cuts];
        site.target.drop_after = [...target_cuts];
        await mover.put(specOf(site));
        expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
        const { bytes } = site.uploads.findLast(({ complete }) => complete) ?? { bytes: Buffer.alloc(0) };
        expect(bytes.equals(image)).toBe(true);
        // a broken answer costs at most the chunk that it broke in
        expect(servedBytes(site)).toBeLessThanOrEqual(size + source_cuts.length * CHUNK_BYTES);
      },
    ),
    { numRuns: 12 },
  );
});

test("a source that ignores ranges is read again, and what is there already is skipped", async () => {
  const image = makeImage(3 * CHUNK_BYTES + 77);
  const [site, mover] = [await startSite(image), await startMover()];
  site.source.ignore_range = true;
  site.source.drop_after = [2 * CHUNK_BYTES + 5];
  await mover.put(specOf(site));
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
  expect(site.served.map(({ range }) => range)).toEqual([undefined, `bytes=${2 * CHUNK_BYTES}-`]);
});

test.each([400, 416])("a source that refuses ranges (%i) is read from its beginning", async (status) => {
  const image = makeImage(2 * CHUNK_BYTES);
  const [site, mover] = [await startSite(image), await startMover()];
  site.source.refuse_range = status;
  site.source.drop_after = [CHUNK_BYTES + 5];
  await mover.put(specOf(site));
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
  expect(site.served.map(({ range }) => range)).toEqual([undefined, undefined]);
});

test("a source of another length than expected is never a success", async () => {
  const image = makeImage(CHUNK_BYTES);
  const [site, mover] = [await startSite(image), await startMover()];
  await mover.put(specOf(site, { size_bytes: image.length + 1 }));
  const { state, problem } = await mover.end();
  expect(state).toBe("failed");
  expect(problem).toMatchObject({ kind: "source", slug: "verification-failed", retryable: false });
  expect(site.uploads.some(({ complete }) => complete)).toBe(false);
});

test("an expired token is asked for, and the upload begins again with the new one", async () => {
  const image = makeImage(2 * CHUNK_BYTES);
  const [site, mover] = [await startSite(image), await startMover()];
  site.target.token = "new";
  const spec = specOf(site);
  await mover.put(spec);
  const { problem } = await mover.until(
    ({ state, problem }) => state === "waiting" && problem?.needs === "token",
  );
  expect(problem).toMatchObject({ kind: "target", status: 401 });
  await mover.put({ ...spec, target: { url: site.target_url, headers: { "x-auth-token": "new" } } });
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
  expect(servedBytes(site)).toBe(image.length);
});

test.each([
  [413, "quota-exceeded"],
  [403, "site-refused"],
  [410, "not-found"],
  [302, "site-refused"],
] as const)("a target that answers %i ends the transfer with %s and its own words", async (status, slug) => {
  const [site, mover] = [await startSite(makeImage(3 * CHUNK_BYTES)), await startMover()];
  site.target.refuse = [status];
  await mover.put(specOf(site));
  const { state, problem } = await mover.end();
  expect(state).toBe("failed");
  expect(problem).toMatchObject({ kind: "target", slug, status, retryable: false });
});

test("a target that is not writable now (409) is looked at by the control plane; another URL helps", async () => {
  const image = makeImage(CHUNK_BYTES + 1);
  const [site, mover] = [await startSite(image), await startMover()];
  site.target.refuse = [409];
  await mover.put(specOf(site));
  await mover.until(({ problem }) => problem?.needs === "look");
  await mover.put(specOf(site, { target: { url: `${site.target_url}/other` } }));
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
});

test("without a target the image is only read and summed", async () => {
  const image = makeImage(CHUNK_BYTES + 1);
  const [site, mover] = [await startSite(image), await startMover()];
  await mover.put(specOf(site, { target: null }));
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
  expect(site.uploads).toEqual([]);
});

test("a chunk that the spool's disk spoiled is found by its digest and read again", async () => {
  const image = makeImage(4 * CHUNK_BYTES);
  const [site, mover] = [await startSite(image), await startMover()];
  site.target.refuse = [409];
  await mover.put(specOf(site));
  await mover.until(
    ({ problem, bytes_spooled }) => problem?.needs === "look" && bytes_spooled === image.length,
  );
  const data = await open(join(mover.spool_dir, "t", "data"), "r+");
  await data.write(Buffer.from("spoiled"), 0, 7, 2 * CHUNK_BYTES + 99);
  await data.close();
  await mover.put(specOf(site));
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
  expect(site.uploads.at(-1)?.bytes.equals(image)).toBe(true);
  expect(site.served.at(-1)?.range).toBe(`bytes=${2 * CHUNK_BYTES}-`);
});

test("what was copied before the mover was stopped is not read again by the next one", async () => {
  const image = makeImage(6 * CHUNK_BYTES);
  const [site, mover] = [await startSite(image), await startMover()];
  site.source.hold_at = 4 * CHUNK_BYTES;
  await mover.put(specOf(site));
  await mover.until(({ bytes_spooled }) => bytes_spooled >= 3 * CHUNK_BYTES);
  await mover.call("DELETE", "/transfers/t?spool=keep");
  site.release();
  await mover.put(specOf(site));
  expect(await mover.end()).toMatchObject({ state: "succeeded", checksums: checksumsOf(image) });
  expect(site.served.at(-1)?.bytes).toBeLessThanOrEqual(3 * CHUNK_BYTES);
});

test("chunks of zeros take no room in the spool", async () => {
  const image = makeImage(8 * CHUNK_BYTES, [1, 2, 3, 4, 5, 6]);
  const [site, mover] = [await startSite(image), await startMover()];
  site.target.refuse = [409];
  await mover.put(specOf(site));
  await mover.until(({ bytes_spooled }) => bytes_spooled === image.length);
  const { blocks } = await stat(join(mover.spool_dir, "t", "data"));
  expect(blocks * 512).toBeLessThanOrEqual(3 * CHUNK_BYTES);
});

test("a dropped transfer leaves nothing, dropped twice too", async () => {
  const [site, mover] = [await startSite(makeImage(CHUNK_BYTES)), await startMover()];
  await mover.put(specOf(site));
  await mover.end();
  expect((await mover.call("DELETE", "/transfers/t")).status).toBe(204);
  expect((await mover.call("DELETE", "/transfers/t")).status).toBe(204);
  expect(await readdir(mover.spool_dir)).toEqual([]);
});

test("link-local addresses are refused on both sides", async () => {
  const [site, mover] = [await startSite(makeImage(10)), await startMover()];
  await mover.put(specOf(site, { source: { url: "http://169.254.169.254/latest/meta-data" } }));
  expect((await mover.end()).problem).toMatchObject({ kind: "source", slug: "site-address-refused" });
  await mover.put(specOf(site, { target: { url: "http://[fe80::1]/" } }));
  expect((await mover.end()).problem).toMatchObject({ kind: "target", slug: "site-address-refused" });
});

test("whoever has not the token, or sends nonsense, is told so without an echo of headers", async () => {
  const mover = await startMover();
  expect((await mover.call("GET", "/transfers/t", undefined, "wrong")).status).toBe(401);
  expect((await mover.call("GET", "/transfers/t")).status).toBe(404);
  const { status, body } = await mover.call("PUT", "/transfers/t", {
    source: { url: "ftp://x/", headers: { "X-Auth-Token": "secret" } },
    target: null,
    size_bytes: 1,
  });
  expect(status).toBe(400);
  expect(body).toMatchObject({ detail: "source.url: must be an http or https URL." });
  expect(JSON.stringify(body)).not.toContain("secret");
});
