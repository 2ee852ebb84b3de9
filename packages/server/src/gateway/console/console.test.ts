import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../proxy/testing.ts";

let gateway: TestGateway;
/** A console proxy as Nova runs one: pages of noVNC and a WebSocket that says everything back. */
const asked: IncomingMessage[] = [];
const novnc = createServer((request, response) => {
  asked.push(request);
  response.setHeader("set-cookie", "site=1");
  response.end("<html>noVNC</html>");
});
novnc.on("upgrade", (request, socket, head) => {
  asked.push(request);
  if (!request.url?.includes("token=good")) {
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: yes\r\nSec-WebSocket-Protocol: binary\r\nSet-Cookie: site=1\r\n\r\n",
  );
  socket.write(head);
  socket.pipe(socket);
});
let origin: string;

beforeAll(async () => {
  novnc.listen(0, "127.0.0.1");
  await once(novnc, "listening");
  origin = `http://127.0.0.1:${(novnc.address() as AddressInfo).port}`;
  gateway = await startTestGateway();
});
afterAll(async () => {
  await gateway.close();
  novnc.close();
});

const consoleOf = async (url: string, type = "novnc"): Promise<URL> => {
  gateway.zed.faults.set({
    service: "compute",
    method: "POST",
    path: "/remote-consoles$",
    status: 200,
    body: { remote_console: { protocol: "vnc", type, url } },
    times: 1,
  });
  const answer = await gateway.ask("zed/compute/v2.1/servers/1/remote-consoles", {
    method: "POST",
    headers: { "content-type": "application/json", "openstack-api-version": "compute 2.6" },
    body: JSON.stringify({ remote_console: { protocol: "vnc", type } }),
  });
  expect(answer.status).toBe(200);
  return new URL(((await answer.json()) as { remote_console: { url: string } }).remote_console.url);
};

test("a console's page comes from us, as nobody's page, without cookies in either direction", async () => {
  const url = await consoleOf(`${origin}/vnc_lite.html?path=%3Ftoken%3Dgood`);
  expect(url.origin).toBe(gateway.server.url);
  const page = await fetch(url, { headers: { cookie: "uniview=secret" } });
  expect(await page.text()).toBe("<html>noVNC</html>");
  expect(page.headers.get("content-security-policy")).toMatch(/^sandbox allow-scripts/);
  expect(page.headers.get("content-security-policy")).not.toContain("allow-same-origin");
  expect(page.headers.get("set-cookie")).toBeNull();
  expect(asked.at(-1)?.headers.cookie).toBeUndefined();
});

/** Opens a WebSocket as far as HTTP goes: what comes then is the site's and the client's affair. */
const open = (url: string | URL) => {
  const handshake = httpRequest(url.toString().replace(/^ws/, "http"), {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "binary",
      origin: "null",
      cookie: "uniview=secret",
    },
  });
  handshake.end();
  return handshake;
};

test("a site's own console URL is told at our address", async () => {
  const listed = await gateway.ask("zed/compute/v2.1/servers?status=ACTIVE");
  const [server] = ((await listed.json()) as { servers: { id: string }[] }).servers;
  const answer = await gateway.ask(`zed/compute/v2.1/servers/${server?.id}/remote-consoles`, {
    method: "POST",
    headers: { "content-type": "application/json", "openstack-api-version": "compute 2.6" },
    body: JSON.stringify({ remote_console: { protocol: "vnc", type: "novnc" } }),
  });
  const { remote_console } = (await answer.json()) as { remote_console: { url: string } };
  expect(remote_console.url).toMatch(`${gateway.server.url}/openstack/zed/console/`);
});

test("its WebSocket goes through us, with the origin that the site expects", async () => {
  const url = await consoleOf(`${origin}/vnc_lite.html?path=%3Ftoken%3Dgood`);
  const [answer, socket] = (await once(
    open(`http://${url.host}/${url.searchParams.get("path")}`),
    "upgrade",
  )) as [IncomingMessage, Socket];
  expect(answer.headers).toMatchObject({ "sec-websocket-accept": "yes", "sec-websocket-protocol": "binary" });
  expect(answer.headers["set-cookie"]).toBeUndefined();
  expect(asked.at(-1)?.headers).toMatchObject({ origin, "sec-websocket-version": "13" });
  expect(asked.at(-1)?.headers.cookie).toBeUndefined();
  socket.write("RFB 003.008\n");
  expect(String((await once(socket, "data"))[0])).toBe("RFB 003.008\n");
  socket.end();
  await once(socket, "close");
});

test("a serial console is a WebSocket at our address, and a token that the site refuses opens none", async () => {
  const url = await consoleOf(`${origin.replace("http", "ws")}/?token=bad`, "serial");
  expect(url.protocol).toBe("ws:");
  const [answer] = (await once(open(url), "response")) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(403);
});

test("nobody reaches a console without its ticket", async () => {
  const url = await consoleOf(`${origin}/vnc_lite.html?path=%3Ftoken%3Dgood`);
  const [, , , , ticket = ""] = url.pathname.split("/");
  const changed = url.href.replaceAll(ticket, `${ticket.slice(0, -4)}AAAA`);
  expect((await fetch(changed)).status).toBe(403);
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
});
