import type { Readable } from "node:stream";
import { OpenStackError } from "../errors/openstack-error.ts";
import type { StreamedAnswer, StreamOptions } from "../service/service-client.ts";
import type { ServiceType } from "../service/service-types.ts";
import { readBody, reasonOf } from "./answer-text.ts";
import { flatHeaders, requestIdIn } from "./exchange.ts";
import { asSiteUnreachable } from "./network-problem.ts";
import type { TokenKeeper } from "./token-keeper.ts";
import type { Wire } from "./wire.ts";

const DEFAULT_IDLE_TIMEOUT_MS = 5 * 60_000;
/** A service checks the token when the request begins; a long upload must not begin with one about to end. */
const TOKEN_LIFETIME_MS = 10 * 60_000;
const MAX_ERROR_CHARS = 64 * 1024;

export interface StreamOrder extends StreamOptions {
  service: ServiceType;
  url: URL;
  headers: Record<string, string>;
}

/** Opens long bodies in either direction: constant memory, no tries, outside the queue of calls. */
export class Streams {
  readonly #wire: Wire;
  readonly #tokens: TokenKeeper;

  constructor(wire: Wire, tokens: TokenKeeper) {
    this.#wire = wire;
    this.#tokens = tokens;
  }

  async open(order: StreamOrder): Promise<StreamedAnswer> {
    const first = await this.#send(order);
    if (first.status !== 401 || order.body !== undefined) return await fineOrThrow(order, first);
    await drain(first.body);
    return await fineOrThrow(order, await this.#send(order));
  }

  async #send(order: StreamOrder): Promise<StreamedAnswer> {
    const token = await this.#tokens.current(TOKEN_LIFETIME_MS);
    const { url, method = "GET", body, signal, idle_timeout_ms = DEFAULT_IDLE_TIMEOUT_MS } = order;
    const headers = { ...order.headers, "x-auth-token": token.id };
    try {
      const response = await this.#wire.stream({ method, url, headers, body, signal, idle_timeout_ms });
      if (response.statusCode === 401) this.#tokens.discard(token.id);
      const flat = flatHeaders(response);
      return {
        status: response.statusCode,
        headers: flat,
        body: response.body,
        request_id: requestIdIn(flat),
      };
    } catch (error) {
      signal?.throwIfAborted();
      // The source of an upload broke, not the site that it goes to.
      if (body?.errored) throw body.errored;
      throw asSiteUnreachable(error, url.host);
    }
  }
}

async function fineOrThrow(order: StreamOrder, answer: StreamedAnswer): Promise<StreamedAnswer> {
  const { status, request_id } = answer;
  if (status >= 200 && status < 300) return answer;
  const { service, url, method = "GET", microversion } = order;
  const body = readBody(await drain(answer.body));
  throw new OpenStackError({
    service,
    method,
    path: url.pathname + url.search,
    status,
    message: reasonOf(body),
    structured: body.structured,
    request_id,
    microversion,
    url_host: url.host,
  });
}

async function drain(body: Readable): Promise<string> {
  let text = "";
  for await (const piece of body) if (text.length < MAX_ERROR_CHARS) text += String(piece);
  return text;
}
