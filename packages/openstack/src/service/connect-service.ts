import type { DiscoveredService } from "../discovery/discover-service.ts";
import { bestMicroversion, supportsMicroversion } from "../discovery/microversion.ts";
import { openEnvelope, openSent } from "../session/answer-text.ts";
import type { Exchange, TokenSource } from "../session/exchange.ts";
import type { Streams } from "../session/streams.ts";
import type { TokenKeeper } from "../session/token-keeper.ts";
import { callUrl } from "./call-url.ts";
import { microversionHeaders } from "./microversion-headers.ts";
import type { Answer, CallOptions, Json, Method, ServiceClient } from "./service-client.ts";
import type { ServiceType } from "./service-types.ts";
import { answersAnother, contradicts } from "./version-contradictions.ts";

export interface Connection {
  exchange: Exchange;
  streams: Streams;
  tokens: TokenKeeper;
  token_source: TokenSource;
  ca_pem: string | undefined;
  /** The service no longer knows a microversion that it had offered: it was replaced by another release. */
  on_versions_changed: () => void;
}

/** Binds a service's URL and versions to the session's connections. */
export function connectService(type: ServiceType, found: DiscoveredService, via: Connection): ServiceClient {
  const { endpoint, versions } = found;
  const send = async (
    method: Method,
    url: URL,
    path: string,
    options: CallOptions,
    as_sent: boolean,
  ): Promise<Answer<unknown>> => {
    const { body, microversion } = options;
    const headers = {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...microversionHeaders(type, microversion),
      ...options.headers,
    };
    const answer = await via.exchange
      .call({
        service: type,
        method,
        url,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        action: actionOf(path, body),
        microversion,
        tokens: via.token_source,
        signal: options.signal,
        timeout_ms: options.timeout_ms,
        idempotent: options.idempotent,
        as_sent,
      })
      .catch((error: unknown) => {
        if (contradicts(type, microversion, error)) via.on_versions_changed();
        throw error;
      });
    if (answersAnother(type, microversion, answer.headers)) via.on_versions_changed();
    return answer;
  };

  const request = async <Body = Json>(
    method: Method,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<Body>> => {
    const { unwrap, require } = options;
    const url = callUrl(endpoint, path, options.query);
    const answer = await send(method, url, path, options, false);
    const field = unwrap ?? require;
    if (field === undefined) return answer as Answer<Body>;
    const fields = openEnvelope(answer.body, field, `${method} ${url.pathname}`, url.host);
    return { ...answer, body: unwrap === undefined ? fields : fields[unwrap] } as Answer<Body>;
  };

  const bodyOf =
    (method: Method) =>
    async <Body = Json>(path: string, options?: CallOptions): Promise<Body> =>
      (await request<Body>(method, path, options)).body;

  return {
    type,
    endpoint,
    versions,
    best: (want) => bestMicroversion(versions, want),
    supports: (microversion) => supportsMicroversion(versions, microversion),
    request,
    get: bodyOf("GET"),
    getSent: async (path, options) => {
      const url = callUrl(endpoint, path, options.query);
      const { body } = await send("GET", url, path, options, true);
      return openSent(body as Uint8Array<ArrayBuffer>, options, `GET ${url.pathname}`, url.host);
    },
    post: bodyOf("POST"),
    put: bodyOf("PUT"),
    patch: bodyOf("PATCH"),
    delete: bodyOf("DELETE"),
    stream: (path, options = {}) =>
      via.streams.open({
        ...options,
        service: type,
        url: callUrl(endpoint, path, options.query),
        headers: {
          ...microversionHeaders(type, options.microversion),
          ...options.headers,
        },
      }),
    authorize: async (path, options = {}) => {
      const token = await via.tokens.current(options.least_lifetime_ms);
      const url = callUrl(endpoint, path).href;
      return {
        url,
        headers: { "x-auth-token": token.id },
        expires_at: token.expires_at,
        ca_pem: via.ca_pem,
      };
    },
  };
}

/** Nova and Cinder name an action by the only key of its body. */
function actionOf(path: string, body: unknown): string | undefined {
  if (!path.endsWith("/action") || typeof body !== "object" || body === null) return undefined;
  return Object.keys(body)[0];
}
