import type { Core } from "../../feature.ts";
import type { App } from "../../http/app.ts";
import { createRateLimit, TooManyRequests } from "../../http/rate-limit.ts";
import type { SiteCatalogs } from "../catalog/site-catalogs.ts";
import type { TokenVerifier } from "../identity/verify-token.ts";
import { allows } from "./access-rules.ts";
import { GatewayFault } from "./fault.ts";
import { createOpenSites } from "./open-sites.ts";
import { registerProxy } from "./routes.ts";
import { createSitePools } from "./site-pools.ts";
import { createViews } from "./views.ts";

/** So many seconds' worth of calls may come at once: a Terraform run begins with hundreds. */
const BURST_S = 10;

interface Parts {
  readonly verifier: TokenVerifier;
  readonly catalogs: SiteCatalogs;
}

export interface Proxy {
  register(app: App): void;
  close(): Promise<void>;
}

/** The way to the services of all sites: `/openstack/<region>/<service>/…`. */
export function createProxy({ config, sites, log }: Core, { verifier, catalogs }: Parts): Proxy {
  const pools = createSitePools();
  const calls = createRateLimit({
    burst: config.gateway_calls_per_s * BURST_S,
    per_minute: config.gateway_calls_per_s * 60,
  });
  return {
    register: (app) =>
      registerProxy(app, {
        sites,
        log,
        pools,
        views: createViews(catalogs),
        open_sites: createOpenSites(sites),
        verify: verifier.verify,
        allows,
        take: (key) => waitOf(() => calls.take(key)),
        audit: () => {},
        global: async () => {
          throw new GatewayFault(404, "There is no region global.");
        },
      }),
    close: () => pools.close(),
  };
}

/** Seconds until the next call is free; undefined: this one is. */
function waitOf(take: () => void): number | undefined {
  try {
    take();
    return undefined;
  } catch (error) {
    if (error instanceof TooManyRequests) return error.retry_after_s;
    throw error;
  }
}
