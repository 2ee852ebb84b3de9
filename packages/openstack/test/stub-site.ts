import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsOptions } from "node:tls";

export interface StubRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export interface StubReply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
}

/** `hang up` closes the connection without an answer, `hang` never answers. */
export type StubAnswer = StubReply | "hang up" | "hang";
export type StubHandler = (request: StubRequest) => StubAnswer | Promise<StubAnswer>;

export interface StubSite extends AsyncDisposable {
  url: string;
  /** What came in, in order: `GET /v2.1/servers`. */
  log: string[];
  requests: StubRequest[];
  /** Handlers by `METHOD /path`; may be changed while it runs. */
  on: Record<string, StubHandler | StubAnswer>;
}

export interface StubOptions {
  tls?: TlsOptions;
}

/** A small HTTP server that says what a test tells it to; other paths answer 404 as OpenStack does. */
export async function stubSite(on: StubSite["on"] = {}, options: StubOptions = {}): Promise<StubSite> {
  const stub: Pick<StubSite, "log" | "requests" | "on"> = { log: [], requests: [], on };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    void serve(stub, incoming, outgoing);
  const { tls } = options;
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const scheme = tls === undefined ? "http" : "https";
  return Object.assign(stub, { url: `${scheme}://127.0.0.1:${port}`, [Symbol.asyncDispose]: close });
}

async function serve(
  stub: Pick<StubSite, "log" | "requests" | "on">,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://stub");
  const body = Buffer.concat(await incoming.toArray());
  const method = incoming.method ?? "GET";
  const request = { method, path: url.pathname, query: url.searchParams, headers: incoming.headers, body };
  const name = `${method} ${url.pathname}`;
  stub.log.push(name);
  stub.requests.push(request);
  const handler = stub.on[name] ?? {
    status: 404,
    json: { itemNotFound: { message: `no ${name}`, code: 404 } },
  };
  const answer = typeof handler === "function" ? await handler(request) : handler;
  if (answer === "hang") return;
  if (answer === "hang up") {
    incoming.socket.destroy();
    return;
  }
  const { status = 200, headers = {}, json, text } = answer;
  const type = json === undefined ? {} : { "content-type": "application/json" };
  outgoing.writeHead(status, { "x-openstack-request-id": "req-stub", ...type, ...headers });
  outgoing.end(json === undefined ? (text ?? "") : JSON.stringify(json));
}
