import { StorageUnavailable } from "./storage-unavailable.ts";

/**
 * Receives a body of known length into one buffer: the caller's when it is large enough, or a new one.
 * @throws StorageUnavailable when the body breaks off or has another length
 */
export async function receiveBody(
  name: string,
  body: AsyncIterable<Uint8Array>,
  length: number,
  into?: Uint8Array,
): Promise<Buffer> {
  const bytes =
    into && into.length >= length
      ? Buffer.from(into.buffer, into.byteOffset, length)
      : Buffer.allocUnsafeSlow(length);
  let done = 0;
  try {
    for await (const part of body) {
      if (done + part.length > length) throw new Error("there is more");
      bytes.set(part, done);
      done += part.length;
    }
    if (done < length) throw new Error("it ended");
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new StorageUnavailable(`${name} broke off after ${done} of ${length} bytes: ${reason}`, {
      cause: error,
    });
  }
  return bytes;
}

/** The whole length that a `Content-Range` tells: 300 for `bytes 0-9/300`. */
export function wholeLength(content_range: string | undefined): number | undefined {
  const [, total] = /\/(\d+)$/.exec(content_range ?? "") ?? [];
  return total === undefined ? undefined : Number(total);
}
