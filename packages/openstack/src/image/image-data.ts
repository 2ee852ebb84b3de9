import type { Readable } from "node:stream";
import type { AuthorizedUrl, ServiceClient, StreamedAnswer } from "../service/service-client.ts";

/** A token that a mover gets must outlive the start of its request by this much; long streams outlive tokens anyway. */
const TOKEN_LIFETIME_FOR_STREAM_MS = 10 * 60_000;

/**
 * Sends the bytes of a `queued` image in constant memory. Without `size_bytes` the body goes out in chunks, which
 * some proxies refuse.
 *
 * Not repeatable: a failed upload leaves the image `queued` (or `saving`, until Glance notices); make a new one then.
 * @throws OpenStackError 409 it has data already, 413 quota or too big
 */
export async function uploadImageData(
  glance: ServiceClient,
  id: string,
  data: Readable,
  options: { size_bytes?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const length = options.size_bytes === undefined ? {} : { "content-length": String(options.size_bytes) };
  const answer = await glance.stream(`/images/${id}/file`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream", ...length },
    body: data,
    signal: options.signal,
  });
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

/** Reads the bytes of an image as a stream. @throws OpenStackError 404, 403 (download forbidden by policy) */
export async function downloadImageData(
  glance: ServiceClient,
  id: string,
  options: ImageDataOptions = {},
): Promise<ImageData> {
  const { offset_bytes = 0, signal } = options;
  const headers = offset_bytes === 0 ? {} : { range: `bytes=${offset_bytes}-` };
  const answer = await glance.stream(`/images/${id}/file`, { headers, signal });
  return { body: answer.body, ...rangeOf(answer, offset_bytes) };
}

/** URL and headers with which somebody else (a mover) may read or write the image's bytes. Never log the headers. */
export function authorizeImageData(glance: ServiceClient, id: string): Promise<AuthorizedUrl> {
  return glance.authorize(`/images/${id}/file`, { least_lifetime_ms: TOKEN_LIFETIME_FOR_STREAM_MS });
}

function rangeOf(answer: StreamedAnswer, wanted: number): Omit<ImageData, "body"> {
  const length = answer.headers["content-length"];
  const size_bytes = length === undefined ? undefined : Number(length);
  const PARTIAL_CONTENT = 206;
  return { offset_bytes: answer.status === PARTIAL_CONTENT ? wanted : 0, size_bytes };
}
