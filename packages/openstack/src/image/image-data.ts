import type { Readable } from "node:stream";
import { isStatus } from "../errors/openstack-error.ts";
import type { AuthorizedUrl, ServiceClient, StreamedAnswer } from "../service/service-client.ts";

/** A token that a mover gets must outlive the start of its request by this much; long streams outlive tokens anyway. */
const TOKEN_LIFETIME_FOR_STREAM_MS = 10 * 60_000;
const NO_PARTS: readonly number[] = [400, 416, 501];

export interface UploadOptions {
  /**
   * Length of the data. There is no upload without one: HTTP chunks, which it takes then, are what Glance under uWSGI
   * stumbles over (500 "unable to receive chunked part", seen with Zed and 2025.1, depending on how they are cut).
   */
  size_bytes: number;
  signal?: AbortSignal | undefined;
}

/**
 * Sends the bytes of a `queued` image in constant memory.
 *
 * Not repeatable: a failed upload leaves the image `queued` (or `saving`, until Glance notices); make a new one then.
 * @throws OpenStackError 409 it has data already, 413 quota or too big
 */
export async function uploadImageData(
  glance: ServiceClient,
  id: string,
  data: Readable,
  { size_bytes, signal }: UploadOptions,
): Promise<void> {
  const headers = { "content-type": "application/octet-stream", "content-length": String(size_bytes) };
  const answer = await glance.stream(`/images/${id}/file`, { method: "PUT", headers, body: data, signal });
  answer.body.resume();
}

export interface ImageDataOptions {
  /** First byte wanted. Not every backend honours it: see `offset_bytes` of the result. */
  offset_bytes?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface ImageData {
  body: Readable;
  /** Where the body starts: 0 when the site ignored the wish for a part. */
  offset_bytes: number;
  /** Bytes of the body, where the site said so. */
  size_bytes: number | undefined;
}

/**
 * Reads the bytes of an image as a stream. A part is a wish: Glance on Ceph answers 400 ("Getting images randomly from
 * this store is not supported", seen with Zed), others ignore it; then the whole image comes, with `offset_bytes` 0.
 * @throws OpenStackError 404, 403 (download forbidden by policy)
 */
export async function downloadImageData(
  glance: ServiceClient,
  id: string,
  options: ImageDataOptions = {},
): Promise<ImageData> {
  const { offset_bytes = 0, signal } = options;
  const path = `/images/${id}/file`;
  if (offset_bytes > 0) {
    try {
      const part = await glance.stream(path, { headers: { range: `bytes=${offset_bytes}-` }, signal });
      return { body: part.body, offset_bytes: startOf(part), size_bytes: sizeOf(part) };
    } catch (error) {
      if (!isStatus(error, ...NO_PARTS)) throw error;
    }
  }
  const whole = await glance.stream(path, { signal });
  return { body: whole.body, offset_bytes: 0, size_bytes: sizeOf(whole) };
}

/** URL and headers with which somebody else (a mover) may read or write the image's bytes. Never log the headers. */
export function authorizeImageData(glance: ServiceClient, id: string): Promise<AuthorizedUrl> {
  return glance.authorize(`/images/${id}/file`, { least_lifetime_ms: TOKEN_LIFETIME_FOR_STREAM_MS });
}

/** Where the body of the answer starts: 206 says it in `Content-Range: bytes 5-9/10`, anything else is the whole. */
function startOf(answer: StreamedAnswer): number {
  return Number(/^bytes (\d+)-/.exec(answer.headers["content-range"] ?? "")?.[1] ?? 0);
}

function sizeOf(answer: StreamedAnswer): number | undefined {
  const length = answer.headers["content-length"];
  return length === undefined ? undefined : Number(length);
}
