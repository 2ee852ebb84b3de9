import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { retrying } from "./retrying.ts";
import { s3Storage } from "./s3/s3-storage.ts";
import type { Storage } from "./storage.ts";
import { StorageRefused } from "./storage-refused.ts";
import { StorageUnavailable } from "./storage-unavailable.ts";
import { swiftStorage } from "./swift/swift-storage.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const OBJECT = Buffer.alloc(100_000, "object ");
const SECRET = "hunter2";
let url: string;
let close: () => Promise<void>;
/** What the next requests for the object are answered with; then they are answered as they should be. */
let script: Answer[];
let asked: number;

beforeEach(async () => {
  script = [];
  asked = 0;
  const server = createServer((request, response) => {
    if (request.url === "/auth/v1.0") {
      const headers = { "x-auth-token": SECRET, "x-storage-url": `${url}/v1/account` };
      response.writeHead(200, headers).end();
    } else {
      asked++;
      (script.shift() ?? well)(request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(() => close());

const well: Answer = (request, response) => {
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
  const part = from ? OBJECT.subarray(Number(from), Number(to) + 1) : OBJECT;
  const range = from ? { "content-range": `bytes ${from}-${to}/${OBJECT.length}` } : {};
  response.writeHead(from ? 206 : 200, { "content-length": part.length, ...range }).end(part);
};
const busy: Answer = (_, response) => response.writeHead(503, { "retry-after": "1" }).end();
const reset: Answer = (request) => request.socket.destroy();
const breaksOff: Answer = (_, response) => {
  response.writeHead(200, { "content-length": OBJECT.length });
  response.write(OBJECT.subarray(0, 50_000), () => response.destroy());
};
const knowsNoRanges: Answer = (_, response) =>
  response.writeHead(200, { "content-length": OBJECT.length }).end(OBJECT);
const forbids: Answer = (_, response) =>
  response.writeHead(403).end(`<Error><Code>AccessDenied</Code><Message>${SECRET}</Message></Error>`);

const KINDS: [string, () => Storage][] = [
  [
    "S3",
    () =>
      s3Storage({
        endpoint: url,
        region: "us-east-1",
        bucket: "b",
        credentials: { access_key_id: "id", secret_access_key: SECRET },
      }),
  ],
  [
    "Swift",
    () =>
      swiftStorage({
        sign_in: { kind: "tempauth", auth_url: `${url}/auth/v1.0`, user: "me", key: SECRET },
        container: "c",
        settle_ms: 0,
      }),
  ],
];

describe.each(KINDS)("%s at a server that fails", (_, open) => {
  test("is asked again while it is busy, hangs up or breaks off, and the bytes are whole then", async () => {
    script = [busy, reset, breaksOff, busy];
    const storage = retrying(open(), { attempts: 5, first_pause_ms: 1 });
    expect((await storage.get("object")).equals(OBJECT)).toBe(true);
    expect(asked).toBe(5);
  });

  test("tells what failed where, once it was asked often enough", async () => {
    script = [busy, reset];
    const storage = retrying(open(), { attempts: 2, first_pause_ms: 1 });
    await expect(storage.get("object")).rejects.toBeInstanceOf(StorageUnavailable);
    script = [busy];
    await expect(open().get("object")).rejects.toThrow(/^get object failed: .*503/);
    script = [breaksOff];
    await expect(open().get("object")).rejects.toThrow(/broke off after \d+ of 100000 bytes/);
  });

  test("takes no whole object for a part of it", async () => {
    script = [knowsNoRanges];
    await expect(open().get("object", { offset: 5, length: 10 })).rejects.toThrow("does not know ranges");
    const part = await open().get("object", { offset: 5, length: 10 });
    expect(part.equals(OBJECT.subarray(5, 15))).toBe(true);
  });

  test("is not asked again when it forbids, and secrets stay secret", async () => {
    script = [forbids];
    const refused = retrying(open(), { first_pause_ms: 1 }).get("object");
    await expect(refused).rejects.toBeInstanceOf(StorageRefused);
    await expect(refused).rejects.not.toThrow(SECRET);
    expect(asked).toBe(1);
  });
});
