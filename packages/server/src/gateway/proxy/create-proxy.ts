import type { AuditEntry } from "../../audit/chain.ts";
import type { Core } from "../../feature.ts";
import type { App } from "../../http/app.ts";
import { createRateLimit, TooManyRequests } from "../../http/rate-limit.ts";
import { pathOf } from "../../http/request-log.ts";
import type { SiteCatalogs } from "../catalog/site-catalogs.ts";
import { tunnelConsoles } from "../console/serve-console.ts";
import { createConsoleTickets } from "../console/ticket.ts";
import { createGlobal } from "../global/create-global.ts";
import { createOwnerFinder } from "../global/find-owner.ts";
import { createOwnerStore } from "../global/owner-store.ts";
import { createVersionDocuments } from "../global/version-documents.ts";
import type { TokenVerifier } from "../identity/verify-token.ts";
import { allows } from "./access-rules.ts";
import { createOpenSites } from "./open-sites.ts";
import { registerProxy, type WriteRecord } from "./routes.ts";
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
export function createProxy(
  { config, database, sealer, sites, log, audit }: Core,
  { verifier, catalogs }: Parts,
): Proxy {
  const pools = createSitePools();
  const views = createViews(catalogs);
  const open_sites = createOpenSites(sites);
  const calls = createRateLimit({
    burst: config.gateway_calls_per_s * BURST_S,
    per_minute: config.gateway_calls_per_s * 60,
  });
  const tickets = createConsoleTickets(sealer);
  let endConsoles = () => {};
  return {
    register(app) {
      endConsoles = tunnelConsoles(app.fastify, { sites, pools, tickets });
      registerProxy(app, {
        tickets,
        sites,
        log,
        pools,
        views,
        open_sites,
        verify: verifier.verify,
        allows,
        take: (key) => waitOf(() => calls.take(key)),
        audit: (write) => audit.record(auditEntryOf(write)),
        global: createGlobal({
          sites,
          log,
          tickets,
          pools,
          views,
          catalogs,
          owners: createOwnerFinder(sites, createOwnerStore(database.kysely)),
          documents: createVersionDocuments(sites, open_sites.all),
        }),
      });
    },
    async close() {
      endConsoles();
      await pools.close();
    },
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

/** A refused write is written down, too: who tried is worth knowing. */
function auditEntryOf({ token, request, address, status }: WriteRecord): Omit<AuditEntry, "at"> {
  return {
    actor_id: token.user_id,
    actor_name: token.user_name,
    credential_id: token.application_credential?.id ?? token.id,
    action: `${request.method} ${address.service}`,
    object: pathOf(request),
    site: address.region_id,
    request_id: request.id,
    outcome: String(status),
  };
}
