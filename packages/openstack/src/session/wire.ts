import type { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";
import { SiteUnreachable } from "../errors/site-unreachable.ts";
import type { Method } from "../service/service-client.ts";
import { guardedConnector } from "./connector.ts";
import type { Certificate, SeenCertificate } from "./session-types.ts";

/** A list page of a thousand servers is about 5 MB; more than this is no OpenStack answer. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Below the 5 s after which Apache and uWSGI close an idle connection by default. */
const KEEP_ALIVE_MS = 4_000;
const DAY_MS = 24 * 60 * 60_000;

export interface WireOptions {
  max_in_flight: number;
  connect_timeout_ms: number;
  allow_address: (ip: string) => boolean;
  ca_pem: string | undefined;
  insecure: boolean;
  pins: readonly Buffer[] | undefined;
  user_agent: string;
}

export interface WireRequest {
  method: Method;
  url: URL;
  headers: Record<string, string>;
  body?: string | Readable | undefined;
  signal?: AbortSignal | undefined;
  /** Longest silence; 0 where a signal sets the deadline. */
  idle_timeout_ms: number;
}

/** The connections of one session: bounded for calls, apart from those for long streams. */
export class Wire {
  readonly #calls: Agent;
  readonly #streams: Agent;
  readonly #user_agent: string;
  readonly #certificates = new Map<string, SeenCertificate>();

  constructor(options: WireOptions) {
    const connect = guardedConnector({
      ...options,
      on_certificate: (certificate) => this.#certificates.set(certificate.host, certificate),
    });
    this.#user_agent = options.user_agent;
    const common = { connect, keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1 };
    this.#calls = new Agent({
      ...common,
      connections: options.max_in_flight,
      maxResponseSize: MAX_JSON_BYTES,
    });
    this.#streams = new Agent(common);
  }

  get certificates(): readonly Certificate[] {
    const days_left = ({ valid_to }: SeenCertificate) =>
      Math.floor((Date.parse(valid_to) - Date.now()) / DAY_MS);
    return [...this.#certificates.values()].map((seen) => ({ ...seen, days_left: days_left(seen) }));
  }

  call(request: WireRequest): Promise<Dispatcher.ResponseData> {
    return follow(this.#calls, this.#signed(request));
  }

  stream(request: WireRequest): Promise<Dispatcher.ResponseData> {
    return follow(this.#streams, this.#signed(request));
  }

  #signed(request: WireRequest): WireRequest {
    return { ...request, headers: { "user-agent": this.#user_agent, ...request.headers } };
  }

  async close(): Promise<void> {
    await Promise.all([this.#calls.destroy(), this.#streams.destroy()]);
  }
}

async function follow(agent: Agent, request: WireRequest): Promise<Dispatcher.ResponseData> {
  let { url } = request;
  for (let hop = 0; ; hop += 1) {
    const response = await send(agent, request, url);
    const location = response.headers["location"];
    const readonly = request.method === "GET" || request.method === "HEAD";
    if (!REDIRECTS.has(response.statusCode) || !readonly || typeof location !== "string") return response;
    await response.body.dump();
    url = redirectedUrl(url, location);
    if (hop === MAX_REDIRECTS) throw redirected(url, `${url.host} redirects in a circle.`);
  }
}

function send(agent: Agent, request: WireRequest, url: URL): Promise<Dispatcher.ResponseData> {
  const { method, headers, body, signal, idle_timeout_ms } = request;
  return agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers,
    body: body ?? null,
    signal: signal ?? null,
    headersTimeout: idle_timeout_ms,
    bodyTimeout: idle_timeout_ms,
  });
}

/** A redirect may go to another path or from http to https, never to another host: our token travels with it. */
function redirectedUrl(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined) throw redirected(from, `${from.host} redirects to '${location}', which is no URL.`);
  const upgraded = from.protocol === "http:" && to.protocol === "https:";
  const same_place = to.hostname === from.hostname && (to.origin === from.origin || upgraded);
  if (!same_place) {
    throw redirected(
      from,
      `${from.host} redirects to ${to.origin}, which is not followed. Use the final URL.`,
    );
  }
  return to;
}

function redirected(url: URL, message: string): SiteUnreachable {
  return new SiteUnreachable("redirected", url.host, message);
}
