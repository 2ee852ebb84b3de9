import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { Dispatcher } from "undici";
import type { SiteService } from "../../sites/service.ts";
import { PROXY_PREFIX, type ProxyAddress, readAddress } from "../proxy/address.ts";
import { AnswerWriter } from "../proxy/answer.ts";
import { GatewayFault } from "../proxy/fault.ts";
import { forward } from "../proxy/forward.ts";
import type { ProxyCall } from "../proxy/routes.ts";
import type { SitePools } from "../proxy/site-pools.ts";
import { CONSOLE } from "./console-url.ts";
import type { ConsoleTickets } from "./ticket.ts";

/** Open at once through this server. */
const MAX_OPEN = 500;
const OPEN_TIMEOUT_MS = 20_000;

export interface ConsoleDeps {
  readonly sites: Pick<SiteService, "door">;
  readonly pools: SitePools;
  readonly tickets: ConsoleTickets;
}

/**
 * A page of the site's runs here as nobody: it may run its scripts and open its WebSocket, but it is of no origin, so
 * it can neither read anything of Uniview nor act as who looks at it. Its own scripts need to be readable from there.
 */
const PAGE = [
  ...["content-security-policy", "sandbox allow-scripts allow-forms allow-pointer-lock allow-modals"],
  ...["access-control-allow-origin", "*"],
  ...["referrer-policy", "no-referrer"],
];

interface Ticketed {
  readonly site_project_id: string;
  readonly origin: string;
  readonly path: string;
}

/** @throws GatewayFault 403: no ticket, or an old one */
function readTicket(tickets: ConsoleTickets, { path, query }: ProxyAddress): Ticketed {
  const [, text = "", ...rest] = path.split("/");
  const ticket = tickets.read(text);
  if (!ticket) throw new GatewayFault(403, "This console has ended; ask for its URL again.");
  const below = `/${rest.join("/")}`;
  return { ...ticket, path: query === "" ? below : `${below}?${query}` };
}

/** Answers a call for a page, script or picture of a site's console. The ticket in its path is all it needs. */
export async function serveConsole(
  { sites, pools, tickets }: ConsoleDeps,
  { request, reply, address }: ProxyCall,
): Promise<void> {
  const method = request.method;
  if (method !== "GET" && method !== "HEAD") {
    throw new GatewayFault(405, "A console is only looked at.", { allow: "GET, HEAD" });
  }
  const { site_project_id, origin, path } = readTicket(tickets, address);
  const door = await sites.door(site_project_id);
  const public_root = `${PROXY_PREFIX}${address.region_id}/${CONSOLE}/${address.path.split("/")[1]}`;
  const service = { type: CONSOLE, root: origin, public_root };
  const view = { project_id: "-", site_project_id: "-", services: [service] };
  const headers = Object.fromEntries(
    ["accept", "accept-language", "user-agent", "range", "if-none-match", "if-modified-since"].flatMap(
      (name) => {
        const value = request.headers[name];
        return typeof value === "string" ? [[name, value]] : [];
      },
    ),
  );
  await forward(
    {
      site: door.site,
      method,
      origin,
      path,
      with_token: false,
      headers: () => headers,
      body: { kind: "none" },
      long: false,
    },
    { door, pool: pools.of(door.site_id, door.ca_pem) },
    {
      request: request.raw,
      response: reply.raw,
      writer: new AnswerWriter(
        reply.raw,
        { view, service, version: undefined },
        { request_id: `req-${request.id}`, security: PAGE },
      ),
    },
  );
}

/** Tunnels the WebSockets of consoles. @returns ends those that are open */
export function tunnelConsoles(fastify: FastifyInstance, deps: ConsoleDeps): () => void {
  const open = new Set<Duplex>();
  fastify.server.on("upgrade", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const address = readAddress(request.url ?? "");
    if (address?.service !== CONSOLE || open.size >= MAX_OPEN) {
      // somebody else's, if there is anybody
      if (request.url?.startsWith(PROXY_PREFIX) || fastify.server.listenerCount("upgrade") === 1)
        refuse(client, 404);
      return;
    }
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    tunnel(deps, address, request, client, head).catch((error: unknown) =>
      refuse(client, error instanceof GatewayFault ? error.status : 502),
    );
  });
  return () => {
    for (const client of open) client.destroy();
  };
}

async function tunnel(
  { sites, pools, tickets }: ConsoleDeps,
  address: ProxyAddress,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  const { site_project_id, origin, path } = readTicket(tickets, address);
  const door = await sites.door(site_project_id);
  const headers: Record<string, string> = { origin };
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith("sec-websocket-") && typeof value === "string") headers[name] = value;
  }
  const { calls } = pools.of(door.site_id, door.ca_pem);
  // nova's proxies look whether the page came from them, so the origin is theirs
  const { socket, headers: answer } = await openWebSocket(calls, { origin, path, headers });
  const lines = Object.entries(answer)
    .filter(([name]) => name.startsWith("sec-websocket-"))
    .map(([name, value]) => `${name}: ${String(value)}\r\n`);
  client.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n${lines.join("")}\r\n`,
  );
  if (head.length > 0) socket.write(head);
  socket.on("error", () => client.destroy());
  socket.on("close", () => client.destroy());
  client.on("close", () => socket.destroy());
  socket.pipe(client).pipe(socket);
}

/** @throws GatewayFault with the site's status where it does not open one */
function openWebSocket(
  agent: Dispatcher,
  { origin, path, headers }: { origin: string; path: string; headers: Record<string, string> },
): Promise<{ socket: Duplex; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    agent.dispatch(
      { origin, path, method: "GET", headers, upgrade: "websocket", headersTimeout: OPEN_TIMEOUT_MS },
      {
        onRequestStart: () => {}, // undici wants it to be there
        onRequestUpgrade: (_controller, _status, answer, socket) => resolve({ socket, headers: answer }),
        onResponseStart(controller, status) {
          const refusal = new GatewayFault(status, "The site does not open this console.");
          reject(refusal);
          controller.abort(refusal);
        },
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

function refuse(client: Duplex, status: number): void {
  client.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
