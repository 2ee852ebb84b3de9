import { hash } from "node:crypto";
import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Storage } from "../storage.ts";
import { swiftStorage } from "./swift-storage.ts";

/** A Swift that confirms at once, and lists as late as the test says: what its object server does when the listing's server is slow. */
let objects: Map<string, Buffer>;
let listed: Map<string, string>;
/** Called with each look at the listing, before it is answered. */
let onLook: (look: number) => void;
let looks: number;
let storage: Storage;
let close: () => Promise<void>;

const md5 = (bytes: Buffer) => hash("md5", bytes);
const update = () => {
  listed = new Map([...objects].map(([name, bytes]) => [name, md5(bytes)]));
};

beforeEach(async () => {
  objects = new Map();
  listed = new Map();
  looks = 0;
  onLook = () => {};
  const server = createServer(async (request, response) => {
    const url = new URL(`http://swift${request.url}`);
    if (url.pathname === "/auth/v1.0") {
      const headers = { "x-auth-token": "t", "x-storage-url": `http://${request.headers.host}/v1/a` };
      return void response.writeHead(200, headers).end();
    }
    if (url.pathname === "/v1/a/c") {
      onLook(++looks);
      const prefix = url.searchParams.get("prefix") ?? "";
      const page = [...listed].filter(([name]) => name.startsWith(prefix));
      const shown = page.map(([name, sum]) => ({ name, hash: sum, bytes: objects.get(name)?.length ?? 0 }));
      return void response.end(JSON.stringify(shown));
    }
    const name = url.pathname.slice("/v1/a/c/".length);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    if (request.method === "PUT") objects.set(name, Buffer.concat(parts));
    const bytes = objects.get(name);
    if (request.method === "DELETE") objects.delete(name);
    const etag = bytes ? { etag: md5(bytes) } : {};
    return void response.writeHead(request.method === "PUT" ? 201 : bytes ? 200 : 404, etag).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  storage = swiftStorage({
    sign_in: { kind: "tempauth", auth_url: `http://127.0.0.1:${port}/auth/v1.0`, user: "me", key: "k" },
    container: "c",
    settle_ms: 0,
  });
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});
afterEach(() => close());

test("a put is done when the listing shows it, not when it is confirmed", async () => {
  onLook = (look) => {
    expect(objects.has("lock")).toBe(true);
    if (look === 3) update();
  };
  await storage.put("lock", Buffer.from("1"));
  expect(looks).toBe(3);
});

test("a put over an older object is done when the listing shows the new one", async () => {
  onLook = update;
  await storage.put("lock", Buffer.from("1"));
  onLook = (look) => look === 4 && update();
  await storage.put("lock", Buffer.from("2"));
  expect(listed.get("lock")).toBe(md5(Buffer.from("2")));
});

test("a delete is done when the listing shows the object no more", async () => {
  onLook = update;
  await storage.put("lock", Buffer.from("1"));
  onLook = (look) => look === 3 && update();
  await storage.delete("lock");
  expect([...listed.keys()]).toEqual([]);
});

test("what somebody else put over it meanwhile is not waited for", async () => {
  onLook = () => {
    objects.set("lock", Buffer.from("theirs"));
    update();
  };
  await storage.put("lock", Buffer.from("mine"));
  expect(looks).toBe(1);
});
