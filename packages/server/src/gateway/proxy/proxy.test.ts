import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { endpoints } from "@uniview/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./testing.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const json = { "content-type": "application/json" };
const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: { code: number; title: string; message: string } }).error;

test("a list of a site comes with our links and our project", async () => {
  const answer = await gateway.ask("zed/compute/v2.1/servers/detail");
  expect(answer.status).toBe(200);
  const { servers } = (await answer.json()) as {
    servers: { tenant_id: string; links: { href: string }[] }[];
  };
  expect(servers.length).toBeGreaterThan(0);
  expect(servers[0]?.tenant_id).toBe(gateway.project_id);
  expect(servers[0]?.links[0]?.href).toMatch(`${gateway.server.url}/openstack/zed/compute/v2.1/servers/`);
});

test("the project in the path is the site's, and pages lead on at our address", async () => {
  const first = await gateway.ask(`zed/volumev3/v3/${gateway.project_id}/volumes?limit=1`);
  expect(first.status).toBe(200);
  const { volumes_links } = (await first.json()) as { volumes_links: { href: string }[] };
  const next = volumes_links[0]?.href ?? "";
  expect(next).toMatch(`${gateway.server.url}/openstack/zed/volumev3/v3/${gateway.project_id}/volumes?`);
  const second = await fetch(next, { headers: { "x-auth-token": gateway.token } });
  expect(((await second.json()) as { volumes: unknown[] }).volumes).toHaveLength(1);
});

test("a service answers by any of its names", async () => {
  const answer = await gateway.ask(`zed/block-storage/v3/${gateway.project_id}/volumes`);
  expect(answer.status).toBe(200);
});

test("version documents are the site's own, under our address, and need no token", async () => {
  const versions = async (region: string) => {
    const answer = await fetch(`${gateway.server.url}/openstack/${region}/compute/v2.1/`);
    expect(answer.status).toBe(200);
    const { version } = (await answer.json()) as {
      version: { version: string; links: { rel: string; href: string }[] };
    };
    expect(version.links.find(({ rel }) => rel === "self")?.href).toBe(
      `${gateway.server.url}/openstack/${region}/compute/v2.1/`,
    );
    return version.version;
  };
  expect(await versions("zed")).toBe("2.93");
  expect(await versions("epoxy")).toBe("2.100");
  const root = await fetch(`${gateway.server.url}/openstack/zed/image/`);
  expect(root.status).toBe(300);
  expect(await root.text()).toContain(`${gateway.server.url}/openstack/zed/image/v2/`);
});

test("microversions go there and back in both spellings, with request ids and Vary", async () => {
  for (const headers of [
    { "openstack-api-version": "compute 2.93" },
    { "x-openstack-nova-api-version": "2.93" },
  ]) {
    const answer = await gateway.ask("zed/compute/v2.1/servers", { headers });
    expect(answer.headers.get("openstack-api-version")).toBe("compute 2.93");
    expect(answer.headers.get("x-openstack-nova-api-version")).toBe("2.93");
    expect(answer.headers.get("vary")).toContain("OpenStack-API-Version");
    expect(answer.headers.get("x-openstack-request-id")).toMatch(/^req-/);
    expect(answer.headers.get("x-uniview-request-id")).toMatch(/^req-/);
  }
});

test("a version that the site lacks is refused by the site itself", async () => {
  const answer = await gateway.ask("zed/compute/v2.1/servers", {
    headers: { "openstack-api-version": "compute 2.99" },
  });
  expect(answer.status).toBe(406);
});

test("nobody gets through without a good token", async () => {
  for (const token of ["", "uvg_nonsense", "gAAAAA"]) {
    const answer = await gateway.ask("zed/compute/v2.1/servers", { headers: { "x-auth-token": token } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe(`Keystone uri="${gateway.server.url}/identity"`);
    expect(await errorOf(answer)).toMatchObject({ code: 401, title: "Unauthorized" });
  }
});

test("a region that is not theirs is none, and a service that the site lacks is none", async () => {
  expect((await gateway.ask("yoga/compute/v2.1/servers")).status).toBe(404);
  expect((await gateway.ask("zed/dns/v2/zones")).status).toBe(404);
});

test("a token that the site ended early is renewed, and the call is made again", async () => {
  gateway.zed.faults.expireTokens();
  expect((await gateway.ask("zed/compute/v2.1/servers")).status).toBe(200);
  gateway.zed.faults.expireTokens();
  const made = await gateway.ask("zed/compute/v2.1/os-keypairs", {
    method: "POST",
    headers: json,
    body: JSON.stringify({ keypair: { name: "again" } }),
  });
  expect(made.status).toBe(200);
});

test("an upload whose token the site no longer takes is to be sent again by its client", async () => {
  const id = await newImage("zed");
  gateway.zed.faults.expireTokens();
  const put = () =>
    gateway.ask(`zed/image/v2/images/${id}/file`, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: Buffer.alloc(100_000, 7),
    });
  const refused = await put();
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await put()).status).toBe(204);
});

test("a site that is away says so at once, with when to try again", async () => {
  await gateway.epoxy.faults.down();
  try {
    const answer = await gateway.ask("epoxy/compute/v2.1/servers");
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await errorOf(answer)).message).toContain("The site epoxy cannot be reached");
    expect((await gateway.ask("zed/compute/v2.1/servers")).status).toBe(200);
  } finally {
    await gateway.epoxy.faults.up();
  }
  await gateway.ada.client.call(endpoints.checkSite, { params: { name: "epoxy" } });
  expect((await gateway.ask("epoxy/compute/v2.1/servers")).status).toBe(200);
});

test("a site that takes calls and never answers holds up nobody else's, and clients may give up", async () => {
  const fault = gateway.epoxy.faults.set({ service: "compute", hang: true });
  const patience = new AbortController();
  const hanging = Array.from({ length: 200 }, () =>
    gateway.ask("epoxy/compute/v2.1/servers", { signal: patience.signal }).catch(() => "gave up"),
  );
  try {
    for (let n = 0; n < 20; n += 1) {
      expect((await gateway.ask("zed/compute/v2.1/flavors")).status).toBe(200);
    }
  } finally {
    patience.abort();
    gateway.epoxy.faults.clear(fault);
  }
  expect(new Set(await Promise.all(hanging))).toEqual(new Set(["gave up"]));
  expect((await gateway.ask("epoxy/compute/v2.1/flavors")).status).toBe(200);
});

test("an image goes up and comes down byte for byte, also a part of it", async () => {
  const id = await newImage("zed");
  const bytes = randomBytes(3_000_000);
  const put = await gateway.ask(`zed/image/v2/images/${id}/file`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: bytes,
  });
  expect(put.status).toBe(204);
  const down = await gateway.ask(`zed/image/v2/images/${id}/file`);
  expect(down.headers.get("content-length")).toBe("3000000");
  expect(sha256(Buffer.from(await down.arrayBuffer()))).toBe(sha256(bytes));
  const part = await gateway.ask(`zed/image/v2/images/${id}/file`, { headers: { range: "bytes=10-19" } });
  expect(part.status).toBe(206);
  expect(part.headers.get("content-range")).toBe("bytes 10-19/3000000");
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(10, 20));
  expect((await gateway.ask(`zed/image/v2/images/${id}`, { method: "DELETE" })).status).toBe(204);
});

test("an upload reaches the site while the client still sends it", async () => {
  const id = await newImage("zed");
  const upload = httpRequest(`${gateway.server.url}/openstack/zed/image/v2/images/${id}/file`, {
    method: "PUT",
    headers: { "x-auth-token": gateway.token, "content-type": "application/octet-stream" },
  });
  upload.write(Buffer.alloc(1_000_000, 1));
  await expect
    .poll(async () => {
      const answer = await gateway.ask(`zed/image/v2/images/${id}`);
      return ((await answer.json()) as { status: string }).status;
    })
    .toBe("saving");
  upload.end(Buffer.alloc(1_000_000, 2));
  const [answer] = (await once(upload, "response")) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(204);
  const shown = (await (await gateway.ask(`zed/image/v2/images/${id}`)).json()) as { size: number };
  expect(shown.size).toBe(2_000_000);
});

test("a client that waits for 100 Continue gets it only when it may go on", async () => {
  const id = await newImage("zed");
  const ask = (token: string) => {
    const asked = httpRequest(`${gateway.server.url}/openstack/zed/image/v2/images/${id}/file`, {
      method: "PUT",
      headers: {
        "x-auth-token": token,
        "content-type": "application/octet-stream",
        "content-length": 5,
        expect: "100-continue",
      },
    });
    asked.flushHeaders();
    return asked;
  };
  const stranger = ask("uvg_nobody");
  stranger.on("continue", () => expect.fail("a stranger may not send"));
  const [refused] = (await once(stranger, "response")) as [IncomingMessage];
  expect(refused.statusCode).toBe(401);
  stranger.destroy();

  const upload = ask(gateway.token);
  await once(upload, "continue");
  upload.end("bytes");
  const [taken] = (await once(upload, "response")) as [IncomingMessage];
  taken.resume();
  expect(taken.statusCode).toBe(204);
});

test("HEAD and a deletion are answered without a body", async () => {
  const head = await gateway.ask("zed/compute/v2.1/servers", { method: "HEAD" });
  expect(await head.text()).toBe("");
  await gateway.ask("zed/compute/v2.1/os-keypairs", {
    method: "POST",
    headers: json,
    body: JSON.stringify({ keypair: { name: "gone" } }),
  });
  const gone = await gateway.ask("zed/compute/v2.1/os-keypairs/gone", { method: "DELETE" });
  expect([gone.status, await gone.text()]).toEqual([202, ""]);
});

test("what the site sees has its own token and nothing of ours", async () => {
  gateway.zed.faults.set({ service: "image", path: "echo", status: 200, body: { a: 1 }, times: 1 });
  const answer = await gateway.ask("zed/image/v2/echo", { headers: { cookie: "uniview=1" } });
  expect(answer.headers.get("x-auth-token")).toBeNull();
  expect(answer.headers.get("content-security-policy")).toBe("sandbox");
});

test("a redirect away from the site is not handed on", async () => {
  gateway.zed.faults.set({
    service: "image",
    path: "/v2/images$",
    status: 302,
    headers: { Location: "http://evil.example/v2/images" },
    times: 1,
  });
  expect((await gateway.ask("zed/image/v2/images")).status).toBe(502);
});

test("an answer that breaks off at the site breaks off at the client, too", async () => {
  const id = await newImage("zed");
  await gateway.ask(`zed/image/v2/images/${id}/file`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: Buffer.alloc(2_000_000, 9),
  });
  gateway.zed.faults.set({ service: "image", path: "/file$", drop_after_bytes: 300_000, times: 1 });
  const answer = await gateway.ask(`zed/image/v2/images/${id}/file`);
  await expect(answer.arrayBuffer()).rejects.toThrow();
});

test("a client that goes away in its upload leaves no image behind, and nobody else is disturbed", async () => {
  const id = await newImage("zed");
  const status = async () =>
    ((await (await gateway.ask(`zed/image/v2/images/${id}`)).json()) as { status: string }).status;
  const upload = httpRequest(`${gateway.server.url}/openstack/zed/image/v2/images/${id}/file`, {
    method: "PUT",
    headers: {
      "x-auth-token": gateway.token,
      "content-type": "application/octet-stream",
      "content-length": 5_000_000,
    },
  });
  upload.on("error", () => {});
  upload.write(Buffer.alloc(1_000_000, 1));
  await expect.poll(status).toBe("saving");
  upload.destroy();
  await expect.poll(status).toBe("queued");
});

test("a site that refuses an upload before its end is heard", async () => {
  const id = await newImage("zed");
  gateway.zed.faults.set({ service: "image", method: "PUT", path: "/file$", status: 413, times: 1 });
  const upload = httpRequest(`${gateway.server.url}/openstack/zed/image/v2/images/${id}/file`, {
    method: "PUT",
    headers: { "x-auth-token": gateway.token, "content-type": "application/octet-stream" },
  });
  upload.on("error", () => {});
  upload.write(Buffer.alloc(100_000, 1));
  const [answer] = (await once(upload, "response")) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(413);
  upload.destroy();
});

test("a path that climbs out of its service is refused", async () => {
  const { hostname, port } = new URL(gateway.server.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /openstack/zed/compute/../identity/v3 HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${gateway.token}\r\nConnection: close\r\n\r\n`,
  );
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1.1 400 /);
  socket.destroy();
});

async function newImage(region: string): Promise<string> {
  const made = await gateway.ask(`${region}/image/v2/images`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ name: "test", disk_format: "raw", container_format: "bare" }),
  });
  expect(made.status).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
