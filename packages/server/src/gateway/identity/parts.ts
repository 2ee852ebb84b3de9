import type { FastifyRequest } from "fastify";
import type { Kysely } from "kysely";
import type { Database } from "../../db/database.ts";
import type { Tables } from "../../db/tables.ts";
import type { Core } from "../../feature.ts";
import { createTotpStore, type TotpStore } from "../../identity/totp-store.ts";
import type { PublishedService } from "../catalog/build-catalog.ts";
import { buildCatalog } from "../catalog/build-catalog.ts";
import { createSiteCatalogs, type SiteCatalogs } from "../catalog/site-catalogs.ts";
import { createProjectReader, type ProjectReader } from "../projects/project-reader.ts";
import { type AccessRuleStore, createAccessRuleStore } from "./access-rule-store.ts";
import { type CredentialStore, createCredentialStore } from "./credential-store.ts";
import type { GatewayToken } from "./gateway-token.ts";
import { notAuthenticated } from "./keystone-error.ts";
import { createReceiptStore, type ReceiptStore } from "./receipt-store.ts";
import { createTokenStore, type TokenStore } from "./token-store.ts";
import { createUserReader, type UserReader } from "./user-reader.ts";
import { createTokenVerifier, type TokenVerifier } from "./verify-token.ts";

/** What the gateway's routes stand on; made once, in `feature.ts`. */
export interface GatewayParts {
  readonly tokens: TokenStore;
  readonly verifier: TokenVerifier;
  readonly users: UserReader;
  readonly totp: TotpStore;
  readonly receipts: ReceiptStore;
  readonly credentials: CredentialStore;
  readonly rules: AccessRuleStore;
  readonly projects: ProjectReader;
  readonly catalogs: SiteCatalogs;
  readonly audit: Core["audit"];
}

export async function createGatewayParts(core: Core): Promise<GatewayParts> {
  const database: Database = core.database;
  const db: Kysely<Tables> = database.kysely;
  const tokens = createTokenStore(db, core.config.gateway_token_lifetime_s);
  return {
    tokens,
    verifier: await createTokenVerifier(database, tokens),
    users: createUserReader(db),
    totp: createTotpStore(db, core.sealer),
    receipts: createReceiptStore(db),
    credentials: createCredentialStore(db),
    rules: createAccessRuleStore(db),
    projects: createProjectReader(db),
    catalogs: createSiteCatalogs(db, core.sites, core.log),
    audit: core.audit,
  };
}

/** Who asks, by `X-Auth-Token`. @throws KeystoneError 401 */
export async function admit(
  { verifier }: Pick<GatewayParts, "verifier">,
  request: FastifyRequest,
): Promise<GatewayToken> {
  const secret = request.headers["x-auth-token"];
  const token = typeof secret === "string" ? await verifier.verify(secret) : undefined;
  if (!token) throw notAuthenticated();
  askers.set(request, token);
  return token;
}

const askers = new WeakMap<FastifyRequest, GatewayToken>();

/** Who was admitted with this request. */
export function askerOf(request: FastifyRequest): GatewayToken | undefined {
  return askers.get(request);
}

/** What a token may reach, as its client is told. */
export async function catalogOf(
  { catalogs }: Pick<GatewayParts, "catalogs">,
  { project, sites }: GatewayToken,
  public_url: string,
): Promise<PublishedService[]> {
  const known = await Promise.all(
    sites.map(async (site) => ({ site, catalog: await catalogs.of(site.site_project_id) })),
  );
  return buildCatalog(public_url, { project, sites: known });
}
