import { allowAddress } from "@uniview/openstack/session/address-guard";
import { guardedConnector } from "@uniview/openstack/session/connector";
import { Agent } from "undici";

/** Calls under way at one address of a site; further ones wait for a free connection. */
const CALL_CONNECTIONS = 128;
/** Images and objects that travel at once, apart from the calls: a hundred uploads hold up no list. */
const STREAM_CONNECTIONS = 64;
/** Asked of one site at once, waiting ones included: beyond it a hanging site would fill our memory. */
export const MAX_UNDER_WAY = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Below the 5 s after which Apache and uWSGI close an idle connection by default. */
const KEEP_ALIVE_MS = 4_000;

/** The connections to one site: no other site's clients ever wait for them. */
export interface SitePool {
  readonly calls: Agent;
  readonly streams: Agent;
  under_way: number;
}

export interface SitePools {
  of(site_id: string, ca_pem: string | undefined): SitePool;
  close(): Promise<void>;
}

export function createSitePools(): SitePools {
  const pools = new Map<string, SitePool>();
  return {
    of(site_id, ca_pem) {
      const known = pools.get(site_id);
      if (known) return known;
      const connect = guardedConnector({
        connect_timeout_ms: CONNECT_TIMEOUT_MS,
        allow_address: allowAddress,
        ca_pem,
        insecure: false,
        on_certificate: () => {},
      });
      const common = { connect, keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1 };
      const pool = {
        calls: new Agent({ ...common, connections: CALL_CONNECTIONS }),
        streams: new Agent({ ...common, connections: STREAM_CONNECTIONS }),
        under_way: 0,
      };
      pools.set(site_id, pool);
      return pool;
    },
    async close() {
      const all = [...pools.values()].flatMap(({ calls, streams }) => [calls, streams]);
      pools.clear();
      await Promise.all(all.map((agent) => agent.destroy()));
    },
  };
}
