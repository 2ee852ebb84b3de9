import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { TransferSpec } from "@uniview/api/mover";
import { addressRule } from "./address-rule.ts";
import { connectionFailure, refusal, TransferFailure } from "./failure.ts";
import { SILENCE_MS } from "./source.ts";

export type TargetSide = NonNullable<TransferSpec["target"]>;

/** As curl does: whoever does not know `Expect: 100-continue` gets the bytes after a second all the same. */
const CONTINUE_MS = 1_000;
const CONNECT_MS = 15_000;
/** After the last byte a store may still flush, hash and convert. */
const ANSWER_MS = 900_000;
const MAX_REFUSAL_CHARS = 16_384;

/**
 * Writes the URL of one image once; resolves when the target has taken all of it.
 *
 * `Expect: 100-continue` lets the target refuse (401, 409, 413) before the bytes flow: a refusal in the middle of them
 * is often lost in the reset of the connection. That is why this is node:http: undici knows it for HTTP/2 only.
 *
 * @throws TransferFailure
 */
export async function upload(
  side: TargetSide,
  size_bytes: number,
  chunks: AsyncIterable<Uint8Array>,
  allow_link_local: boolean,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(side.url);
  const rule = addressRule("target", allow_link_local);
  rule.check(url);
  const watch = new SilenceWatch(url.host);
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, {
    method: side.method,
    agent: false,
    lookup: rule.lookup,
    rejectUnauthorized: side.insecure !== true,
    ...(side.ca_pem ? { ca: side.ca_pem } : {}),
    headers: {
      "content-type": "application/octet-stream",
      ...side.headers,
      "content-length": size_bytes,
      ...(size_bytes > 0 ? { expect: "100-continue" } : {}),
    },
  });
  let early: IncomingMessage | undefined;
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {}); // looked at by whoever races against it
  const answered = Promise.withResolvers<IncomingMessage>();
  const go = Promise.withResolvers<void>();
  request.on("error", (cause) => broken.reject(connectionFailure("target", url.host, cause)));
  request.on("response", (response) => answered.resolve(response));
  request.on("continue", () => go.resolve());
  watch.onSilence((failure) => request.destroy(failure));
  const abort = () => request.destroy(new Error("aborted"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    watch.expect(CONNECT_MS, "does not accept the connection");
    request.on("socket", (socket) =>
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => watch.calm()),
    );
    request.flushHeaders();
    await Promise.race([connected(request), answered.promise, broken.promise]);
    const patience = setTimeout(() => go.resolve(), CONTINUE_MS);
    await Promise.race([go.promise, answered.promise, broken.promise]).finally(() => clearTimeout(patience));

    void answered.promise.then((response) => {
      early = response;
    });
    let sent = 0;
    for await (const chunk of chunks) {
      if (early) break;
      watch.expect(SILENCE_MS, "takes no more bytes");
      await Promise.race([write(request, chunk), answered.promise, broken.promise]);
      watch.calm();
      sent += chunk.length;
    }
    if (!early) {
      request.end();
      watch.expect(ANSWER_MS, "does not answer after the last byte");
    }
    const response = await Promise.race([answered.promise, broken.promise]);
    watch.expect(SILENCE_MS, "does not finish its answer");
    const body = await Promise.race([textOf(response), broken.promise]);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw refusal("target", status, body);
    if (sent !== size_bytes) {
      throw new TransferFailure(
        "target",
        "site-unreachable",
        `The target answered HTTP ${status} after ${sent} of ${size_bytes} bytes.`,
      );
    }
  } catch (cause) {
    signal.throwIfAborted();
    // the reset that follows a refusal may be noticed before the refusal
    if (early && !(cause instanceof TransferFailure)) throw refusal("target", early.statusCode ?? 0, "");
    throw connectionFailure("target", url.host, cause);
  } finally {
    watch.calm();
    signal.removeEventListener("abort", abort);
    request.destroy();
  }
}

/** Ends a connection on which nothing happens: TCP alone may take a quarter of an hour to notice a dropped peer. */
class SilenceWatch {
  readonly #host: string;
  #timer: NodeJS.Timeout | undefined;
  #tell: (failure: TransferFailure) => void = () => {};

  constructor(host: string) {
    this.#host = host;
  }

  onSilence(tell: (failure: TransferFailure) => void): void {
    this.#tell = tell;
  }

  expect(within_ms: number, what: string): void {
    clearTimeout(this.#timer);
    const failure = () =>
      new TransferFailure(
        "target",
        "site-unreachable",
        `${this.#host} ${what} (waited ${within_ms / 1000} s).`,
      );
    this.#timer = setTimeout(() => this.#tell(failure()), within_ms);
  }

  calm(): void {
    clearTimeout(this.#timer);
  }
}

function connected(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    request.once("socket", (socket) => {
      if (!socket.connecting) resolve();
      else socket.once("connect", () => resolve());
    });
  });
}

/** Resolves when the kernel has taken the chunk: its buffer may be used again then. */
function write(request: ClientRequest, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    request.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of response) {
    if (text.length < MAX_REFUSAL_CHARS) text += String(piece);
  }
  return text;
}
