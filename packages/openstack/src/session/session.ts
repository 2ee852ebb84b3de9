import { discoverService, type ReadDocument } from "../discovery/discover-service.ts";
import { findKeystone } from "../discovery/find-keystone.ts";
import { connectService } from "../service/connect-service.ts";
import type { ServiceClient } from "../service/service-client.ts";
import type { ServiceType } from "../service/service-types.ts";
import { allowAddress } from "./address-guard.ts";
import { authenticate } from "./authenticate.ts";
import type { Catalog } from "./catalog.ts";
import { readPins } from "./certificate-pin.ts";
import type { CloudCredentials } from "./credentials.ts";
import { Exchange, type TokenSource } from "./exchange.ts";
import { findEndpoint } from "./find-endpoint.ts";
import { Gate } from "./gate.ts";
import type { Session, SessionOptions } from "./session-types.ts";
import { Streams } from "./streams.ts";
import { TokenKeeper } from "./token-keeper.ts";
import { Wire } from "./wire.ts";

const DEFAULT_MAX_IN_FLIGHT = 8;
const DEFAULT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** An upgraded service shows its new microversions within this time, at once where it contradicts the old ones. */
const VERSIONS_LIFETIME_MS = 60_000;
const JSON_WANTED = { accept: "application/json" };
const USER_AGENT = "uniview-openstack/0.1";

interface KnownService {
  client: Promise<ServiceClient>;
  stale_at: number;
  /** What it was found in, once it was: a token of later may come with other endpoints. */
  catalog: Catalog | undefined;
}

/**
 * Opens a session for one user in one project of one site. No I/O until first use. Close it when done.
 * @throws RangeError `pin_sha256` is no SHA-256
 */
export function createSession(cloud: CloudCredentials, options: SessionOptions = {}): Session {
  const { max_in_flight = DEFAULT_MAX_IN_FLIGHT, timeout_ms = DEFAULT_TIMEOUT_MS } = options;
  const wire = new Wire({
    max_in_flight,
    connect_timeout_ms: Math.min(CONNECT_TIMEOUT_MS, timeout_ms),
    allow_address: options.allow_address ?? allowAddress,
    ca_pem: cloud.ca_pem,
    insecure: cloud.insecure ?? false,
    pins: cloud.pin_sha256 === undefined ? undefined : readPins(cloud.pin_sha256),
    user_agent: options.user_agent ?? USER_AGENT,
  });
  const exchange = new Exchange({
    wire,
    gates: [new Gate(max_in_flight), ...(options.limits ?? [])],
    timeout_ms,
    on_request: options.on_request ?? (() => {}),
  });

  /** Without a token where none is given: Keystone's own document is read before there is one. */
  const readDocument =
    (service: ServiceType, source?: TokenSource): ReadDocument =>
    async (url) => {
      const order = {
        service,
        method: "GET",
        url: new URL(url),
        headers: JSON_WANTED,
        also_ok: 300,
      } as const;
      return (await exchange.call({ ...order, tokens: source })).body;
    };
  let keystone: Promise<string> | undefined;
  const findIdentity = (): Promise<string> => {
    keystone ??= findKeystone(cloud.auth_url, readDocument("identity")).catch((error: unknown) => {
      keystone = undefined;
      throw error;
    });
    return keystone;
  };

  const tokens = new TokenKeeper(async () => await authenticate(exchange, await findIdentity(), cloud.auth));
  const token_source: TokenSource = {
    current: async () => (await tokens.current()).id,
    discard: (token) => tokens.discard(token),
  };
  const streams = new Streams(wire, tokens);
  const services = new Map<ServiceType, KnownService>();

  const locate = async (type: ServiceType): Promise<string> => {
    // The catalog's identity endpoint is often an internal one or of another region; auth_url has proven to work.
    if (type === "identity") return await findIdentity();
    const { catalog } = await tokens.current();
    const host = new URL(await findIdentity()).host;
    return findEndpoint(catalog, type, {
      region_name: cloud.region_name,
      interface: cloud.interface ?? "public",
      host,
    });
  };

  const connect = async (type: ServiceType): Promise<ServiceClient> => {
    const catalog_url = await locate(type);
    const { project } = await tokens.current();
    const found = await discoverService(type, catalog_url, project?.id, readDocument(type, token_source));
    // A service that was replaced may also have moved: the catalog comes with a new token.
    const on_versions_changed = () => {
      services.delete(type);
      tokens.renew();
    };
    return connectService(type, found, {
      exchange,
      streams,
      tokens,
      token_source,
      ca_pem: cloud.ca_pem,
      on_versions_changed,
    });
  };

  /** Those who ask meanwhile wait for the same answer. A failure is told to them, and asked anew the next time. */
  const askFirst = (type: ServiceType): Promise<ServiceClient> => {
    const client = connect(type);
    const first: KnownService = {
      client,
      stale_at: performance.now() + VERSIONS_LIFETIME_MS,
      catalog: undefined,
    };
    services.set(type, first);
    client.then(
      () => {
        first.catalog = tokens.latest?.catalog;
      },
      () => services.get(type) === first && services.delete(type),
    );
    return client;
  };

  /** Those who ask meanwhile get what was known before. */
  const askAgain = async (type: ServiceType, known: KnownService): Promise<ServiceClient> => {
    const found = await connect(type);
    const stale_at = performance.now() + VERSIONS_LIFETIME_MS;
    const { catalog } = await tokens.current();
    if (services.get(type) === known)
      services.set(type, { client: Promise.resolve(found), stale_at, catalog });
    return found;
  };

  return {
    auth_url: cloud.auth_url,
    region_name: cloud.region_name,
    token: () => tokens.current(),
    discard: (token_id) => tokens.discard(token_id),
    catalog: async () => (await tokens.current()).catalog,
    service: (type, { fresh = false } = {}) => {
      const known = services.get(type);
      if (known === undefined) return askFirst(type);
      const is_elsewhere = known.catalog !== undefined && known.catalog !== tokens.latest?.catalog;
      if (is_elsewhere) return askFirst(type);
      if (fresh) return askAgain(type, known);
      if (performance.now() >= known.stale_at) {
        // Whoever asks goes on with what is known: a document that is slow to come holds up nobody.
        known.stale_at = performance.now() + VERSIONS_LIFETIME_MS;
        askAgain(type, known).catch(() => {}); // the call itself will tell what is wrong
      }
      return known.client;
    },
    versionsAt: async (type, endpoint) =>
      (await discoverService(type, endpoint, undefined, readDocument(type))).versions,
    renewToken: () => tokens.renew(),
    certificates: () => wire.certificates,
    close: () => wire.close(),
    get project() {
      return tokens.latest?.project;
    },
    get user() {
      return tokens.latest?.user;
    },
    get roles() {
      return tokens.latest?.roles ?? [];
    },
    get expires_at() {
      return tokens.latest?.expires_at;
    },
  };
}
