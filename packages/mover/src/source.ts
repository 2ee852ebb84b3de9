import type { TransferSpec } from "@uniview/api/mover";
import { Agent, request } from "undici";
import { addressRule } from "./address-rule.ts";
import { connectionFailure, refusal, TransferFailure } from "./failure.ts";

/** No byte for so long is as good as a broken connection. */
export const SILENCE_MS = 60_000;
const CONNECT_MS = 15_000;
/** Glance opens the store before it answers; some stores take their time. */
const FIRST_BYTE_MS = 120_000;
const MAX_REFUSAL_BYTES = 16_384;
/**
 * How a source says no to a range. Glance: 400 "Getting images randomly from this store is not supported" for its RBD
 * store (seen at Zed), 416 where the range itself is at fault.
 */
const NO_RANGE = new Set([400, 405, 416, 501]);

export type SourceSide = TransferSpec["source"];

export interface OpenSource {
  /** Of the whole image; null where the source does not say. */
  readonly size_bytes: number | null;
  /** The bytes from the offset on. Throws TransferFailure when they end early. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads the URL of one image. */
export class Source {
  readonly #agent: Agent;
  readonly #rule;
  #no_range = false;

  constructor(side: SourceSide, allow_link_local: boolean) {
    this.#rule = addressRule("source", allow_link_local);
    this.#agent = new Agent({
      connections: 2,
      headersTimeout: FIRST_BYTE_MS,
      bodyTimeout: SILENCE_MS,
      connect: {
        timeout: CONNECT_MS,
        lookup: this.#rule.lookup,
        rejectUnauthorized: side.insecure !== true,
        ...(side.ca_pem ? { ca: side.ca_pem } : {}),
      },
    });
  }

  /**
   * Opens the image at an offset. A source that ignores ranges sends all from the beginning, and what is not wanted is skipped.
   *
   * @param from bytes; less than the image has
   */
  async open(
    side: SourceSide,
    from: number,
    on_bytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<OpenSource> {
    const url = new URL(side.url);
    this.#rule.check(url);
    const opened = await this.#get(url, side.headers, this.#no_range ? 0 : from, signal);
    if (from > 0 && NO_RANGE.has(opened.statusCode)) {
      await opened.body.dump();
      this.#no_range = true;
      return this.#read(await this.#get(url, side.headers, 0, signal), url, from, on_bytes, signal);
    }
    return this.#read(opened, url, from, on_bytes, signal);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #get(url: URL, headers: Record<string, string>, from: number, signal: AbortSignal) {
    try {
      return await request(url, {
        dispatcher: this.#agent,
        signal,
        headers: { ...headers, ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw connectionFailure("source", url.host, cause);
    }
  }

  async #read(
    { statusCode, headers, body }: Awaited<ReturnType<typeof request>>,
    url: URL,
    from: number,
    on_bytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<OpenSource> {
    if (statusCode !== 200 && statusCode !== 206) {
      const said = statusCode === 204 ? "" : await body.text().catch(() => "");
      throw refusal("source", statusCode, said.slice(0, MAX_REFUSAL_BYTES));
    }
    const length = wholeNumber(headers["content-length"]);
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(String(headers["content-range"] ?? ""));
    const begins = statusCode === 206 ? wholeNumber(range?.[1]) : 0;
    if (begins === null || (statusCode === 206 && begins !== from)) {
      body.destroy();
      throw new TransferFailure(
        "source",
        "site-refused",
        `The source sent another range than asked for (${headers["content-range"]}).`,
      );
    }
    const size_bytes =
      statusCode === 206 ? (wholeNumber(range?.[2]) ?? (length === null ? null : from + length)) : length;
    return { size_bytes, bytes: readBody(body, url.host, from - begins, length, on_bytes, signal) };
  }
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  host: string,
  skip: number,
  length: number | null,
  on_bytes: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const piece of body) {
      const unwanted = Math.min(Math.max(skip - read, 0), piece.length);
      read += piece.length;
      on_bytes(piece.length);
      if (unwanted < piece.length) yield piece.subarray(unwanted);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw connectionFailure("source", host, cause);
  }
  if (length !== null && read !== length) {
    throw new TransferFailure(
      "source",
      "site-unreachable",
      `The source's answer ended after ${read} of ${length} bytes.`,
    );
  }
}

function wholeNumber(text: string | string[] | undefined): number | null {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
