import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CHUNK_BYTES } from "./spool.ts";

/** How an image service misbehaves; lists are used up, one entry a request. */
export interface Mischief {
  /** Breaks the connection after so many bytes of the body. */
  drop_after: number[];
  /** Answers with this status at once. */
  refuse: number[];
  ignore_range?: boolean;
  /** Answers requests with a range with this status, as Glance does for its RBD store. */
  refuse_range?: number;
  /** Says this length instead of the true one. */
  wrong_length?: number;
  /** Only this token is good. */
  token?: string;
  /** Sends so much, then waits for `release`. */
  hold_at?: number;
}

/** A real HTTP server with one image to read and one to write. */
export interface ImageSite {
  readonly source_url: string;
  readonly target_url: string;
  readonly source: Mischief;
  readonly target: Mischief;
  /** What the source sent, by request: bytes given to the wire. */
  readonly served: { range: string | undefined; bytes: number }[];
  readonly uploads: { bytes: Buffer; complete: boolean }[];
  /** Resolves when the source has reached `hold_at`. */
  readonly held: Promise<void>;
  release(): void;
  close(): Promise<void>;
}

export async function startImageSite(image: Buffer): Promise<ImageSite> {
  const held = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const source: Mischief = { drop_after: [], refuse: [] };
  const target: Mischief = { drop_after: [], refuse: [] };
  const served: ImageSite["served"] = [];
  const uploads: ImageSite["uploads"] = [];

  const refused = (mischief: Mischief, request: IncomingMessage, response: ServerResponse): boolean => {
    const unknown = mischief.token !== undefined && request.headers["x-auth-token"] !== mischief.token;
    const ranged = request.headers.range === undefined ? undefined : mischief.refuse_range;
    const status = unknown ? 401 : (ranged ?? mischief.refuse.shift());
    if (status === undefined) return false;
    response.writeHead(status, { "content-type": "text/html" });
    response.end(
      `<html><head><title>${status}</title></head><body><h1>${status}</h1>because of the test</body></html>`,
    );
    return true;
  };

  const give = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (refused(source, request, response)) return;
    const range = source.ignore_range ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const from = Number(range?.[1] ?? 0);
    const record = { range: request.headers.range, bytes: 0 };
    served.push(record);
    const headers = { "content-length": source.wrong_length ?? image.length - from };
    if (range)
      response.writeHead(206, {
        ...headers,
        "content-range": `bytes ${from}-${image.length - 1}/${image.length}`,
      });
    else response.writeHead(200, headers);
    const cut = source.drop_after.shift() ?? Number.POSITIVE_INFINITY;
    for (let at = from; at < image.length; ) {
      const piece = image.subarray(at, Math.min(at + 65_536, from + cut, image.length));
      if (piece.length === 0) return void response.destroy();
      if (!response.write(piece)) await drained(response);
      if (response.destroyed) return;
      record.bytes += piece.length;
      at += piece.length;
      if (source.hold_at !== undefined && at >= source.hold_at) {
        held.resolve();
        await released.promise;
      }
    }
    response.end();
  };

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (refused(target, request, response)) return;
    response.writeContinue();
    const cut = target.drop_after.shift() ?? Number.POSITIVE_INFINITY;
    const pieces: Buffer[] = [];
    const upload = { bytes: Buffer.alloc(0), complete: false };
    uploads.push(upload);
    let size = 0;
    try {
      for await (const piece of request as AsyncIterable<Buffer>) {
        pieces.push(piece);
        size += piece.length;
        if (size >= cut) return void request.socket.destroy();
      }
    } catch {
      return; // the mover went away in the middle
    } finally {
      upload.bytes = Buffer.concat(pieces);
    }
    upload.complete = upload.bytes.length === Number(request.headers["content-length"]);
    response.writeHead(204).end();
  };

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    void (request.method === "GET" ? give(request, response) : take(request, response));
  };
  const server = createServer(answer).on("checkContinue", answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    source_url: `${root}/source`,
    target_url: `${root}/target`,
    source,
    target,
    served,
    uploads,
    held: held.promise,
    release: () => released.resolve(),
    async close() {
      released.resolve();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

/** An image as disks are: random data, zeros, and a last chunk that is not whole. */
export function makeImage(size_bytes: number, zero_chunks: readonly number[] = []): Buffer {
  const image = randomBytes(size_bytes);
  for (const chunk of zero_chunks)
    image.fill(0, Math.min(size_bytes, chunk * CHUNK_BYTES), Math.min(size_bytes, (chunk + 1) * CHUNK_BYTES));
  return image;
}

export function checksumsOf(image: Buffer): { md5: string; sha256: string; sha512: string } {
  const sum = (algorithm: string) => createHash(algorithm).update(image).digest("hex");
  return { md5: sum("md5"), sha256: sum("sha256"), sha512: sum("sha512") };
}
