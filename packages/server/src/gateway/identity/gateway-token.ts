/** The virtual region that is all sites of the project at once. No site may have this name. */
export const GLOBAL_REGION = "global";

/** Tokens of the gateway begin so, for people and for scanners of leaked secrets. */
export const GATEWAY_TOKEN_PREFIX = "uvg_";

/** What one site is to the holder of a token. */
export interface GatewaySite {
  /** `site_projects.id`: what `core.sites.connect` takes. */
  readonly site_project_id: string;
  readonly site_id: string;
  readonly site_name: string;
  readonly region_id: string;
  /** The region of the site's own catalog; null where that knows no regions. */
  readonly site_region_name: string | null;
  readonly interface: "public" | "internal" | "admin";
  /** The site's own id of the project. */
  readonly site_project_remote_id: string;
}

/** One rule of an application credential, in Keystone's words. */
export interface AccessRule {
  readonly id: string;
  /** Service type: `compute`. */
  readonly service: string;
  readonly method: string;
  /** `/v2.1/servers/{server_id}`, `/v2.1/**` */
  readonly path: string;
}

/** What a good token says of who sent it. */
export interface GatewayToken {
  /** Of the row, for logs and audit: no secret. */
  readonly id: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly user_role: "administrator" | "user";
  readonly scope: "unscoped" | "project" | "domain";
  readonly project: { readonly id: string; readonly name: string } | undefined;
  /** Sites of the project that the user was granted, by name; empty without a project. */
  readonly sites: readonly GatewaySite[];
  readonly methods: readonly string[];
  readonly audit_ids: readonly string[];
  readonly roles: readonly string[];
  /** ISO 8601 UTC. */
  readonly issued_at: string;
  readonly expires_at: string;
  readonly application_credential: TokenCredential | undefined;
}

/** The application credential that a token was got with. */
export interface TokenCredential {
  readonly id: string;
  readonly name: string;
  /** May make and delete application credentials itself. */
  readonly unrestricted: boolean;
  /** Use what the site has instead where it lacks the version asked for. */
  readonly broker: boolean;
  /** undefined: every call is allowed. */
  readonly access_rules: readonly AccessRule[] | undefined;
}
