import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { READABLE_FORMATS } from "../disks/disk-store.ts";
import { isZero } from "../disks/sparse-copy.ts";
import type { Exchange } from "../http/exchange.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { findImage, findOwnImage } from "./find-image.ts";

const READ_BYTES = 1 << 18;
/** A line of so many bytes a second may be late by so much, and still carry them in time. */
const MOST_CATCHING_UP_MS = 50;

export const FILE_ROUTES: Route[] = [
  route("PUT", "/images/{image_id}/file", uploadData, { policy: "upload_image" }),
  route("GET", "/images/{image_id}/file", downloadData, { policy: "download_image" }),
];

/**
 * Stores the request's body as the image's bytes, holes where it is zero, and hashes them on the way.
 * A body that breaks off leaves the image queued and empty, as Glance does.
 */
async function uploadData(call: Call): Promise<Reply> {
  const { site, exchange } = call;
  const type = exchange.header("content-type")?.split(";")[0]?.trim() ?? "";
  if (type !== "application/octet-stream") {
    throw new Refusal(415, `The request media type ${type} is not supported by this server.`);
  }
  const image = findOwnImage(site, call.caller, param(call, "image_id"), "upload_image");
  if (image.status !== "queued") {
    throw new Refusal(409, `Image status transition from ${image.status} to saving is not allowed`);
  }
  if (image.disk_format === null || image.container_format === null) {
    throw new Refusal(400, `Properties disk_format, container_format must be set prior to saving data.`);
  }
  image.status = "saving";
  const path = site.disks.image(image.id);
  const partial = `${path}.part`;
  try {
    const stored = await storeBody(exchange, partial);
    await rename(partial, path);
    const readable = READABLE_FORMATS.includes(image.disk_format);
    const virtual_size = readable ? await site.disks.virtualSize(path, image.disk_format) : null;
    if (!site.state.images.has(image.id)) {
      await site.disks.remove(path);
      throw new Refusal(
        410,
        `Image ${image.id} could not be found after upload. The image may have been deleted during the upload.`,
      );
    }
    Object.assign(image, {
      status: "active",
      size: stored.size_bytes,
      virtual_size,
      checksum: stored.md5,
      os_hash_algo: "sha512",
      os_hash_value: stored.sha512,
      updated_at: site.now(),
    });
  } catch (error) {
    await site.disks.remove(partial);
    if (error instanceof Refusal) throw error;
    await site.disks.remove(path);
    image.status = "queued";
    throw new Refusal(
      400,
      `Error in store configuration or image data: ${error instanceof Error ? error.message : error}`,
    );
  }
  return empty(204, { "Content-Type": "text/html; charset=UTF-8" });
}

async function storeBody(
  exchange: Exchange,
  path: string,
): Promise<{ size_bytes: number; md5: string; sha512: string }> {
  await using file = await open(path, "w");
  const md5 = createHash("md5");
  const sha512 = createHash("sha512");
  let size_bytes = 0;
  for await (const piece of paced(exchange.request, exchange.body_faults.bytes_per_s)) {
    md5.update(piece);
    sha512.update(piece);
    if (!isZero(piece)) await file.write(piece, 0, piece.length, size_bytes);
    size_bytes += piece.length;
    if (size_bytes >= (exchange.body_faults.drop_upload_after_bytes ?? Number.POSITIVE_INFINITY)) {
      exchange.request.destroy();
      throw new Error("the connection was cut");
    }
  }
  const announced = exchange.header("content-length");
  if (announced !== undefined && Number(announced) !== size_bytes) throw new Error("the client went away");
  await file.truncate(size_bytes);
  return { size_bytes, md5: md5.digest("hex"), sha512: sha512.digest("hex") };
}

/** Glance answers 204 for an image without bytes, 206 for a part. One range only, as Glance does. */
async function downloadData(call: Call): Promise<Reply> {
  const { site, exchange } = call;
  const image = findImage(site, call.caller, param(call, "image_id"));
  if (image.status === "queued" || image.size === null) return empty();
  if (image.status !== "active") throw new Refusal(403, `Image ${image.id} is not active`);
  const path = site.disks.image(image.id);
  const range = readRange(exchange.header("range"), image.size);
  const length = range.end - range.start + 1;
  const partial = exchange.header("range") !== undefined;
  return {
    status: partial ? 206 : 200,
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(length),
      ...(image.checksum !== null && !partial ? { "Content-Md5": image.checksum } : {}),
      ...(partial ? { "Content-Range": `bytes ${range.start}-${range.end}/${image.size}` } : {}),
    },
    stream: async (response) => {
      if (length === 0) return;
      const file = createReadStream(path, { ...range, highWaterMark: READ_BYTES });
      await sendPaced(file, response, exchange.body_faults.bytes_per_s);
    },
  };
}

function readRange(header: string | undefined, size_bytes: number): { start: number; end: number } {
  if (header === undefined) return { start: 0, end: size_bytes - 1 };
  const found = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (found === null || (found[1] === "" && found[2] === "")) {
    throw new Refusal(
      416,
      "The byte range passed in the 'Range' header did not match any available byte range in the image file.",
    );
  }
  const start = found[1] === "" ? Math.max(0, size_bytes - Number(found[2])) : Number(found[1]);
  const end =
    found[1] === "" || found[2] === "" ? size_bytes - 1 : Math.min(Number(found[2]), size_bytes - 1);
  if (start >= size_bytes || start > end) {
    throw new Refusal(
      416,
      `The Range requested is not available.\n\n Invalid start position in Range header. Start position MUST be in the inclusive range [0, ${size_bytes - 1}].`,
    );
  }
  return { start, end };
}

/** A client that goes away ends the sending; that is no error of the site. */
async function sendPaced(
  source: Readable,
  response: ServerResponse,
  bytes_per_s: number | undefined,
): Promise<void> {
  await pipeline(source, (pieces) => paced(pieces, bytes_per_s), response, { end: false }).catch(() => {
    response.destroy();
  });
}

/** Hands on what arrives, no faster than allowed; what a line lost while nobody read, it does not make good later. */
async function* paced(
  source: AsyncIterable<unknown>,
  bytes_per_s: number | undefined,
): AsyncGenerator<Buffer> {
  let free_at = performance.now();
  for await (const piece of source) {
    const bytes = piece as Buffer;
    if (bytes_per_s !== undefined) {
      const now = performance.now();
      free_at = Math.max(free_at, now - MOST_CATCHING_UP_MS) + (bytes.length / bytes_per_s) * 1000;
      // a timer is no finer than a millisecond: pieces that are due sooner go at once, and count for the next one
      if (free_at - now >= 1) await delay(free_at - now);
    }
    yield bytes;
  }
}
