import type { Catalog } from "@uniview/openstack";
import type { ColumnType, Generated } from "kysely";

type Json<T> = ColumnType<T, string, string>;

export interface GatewayTables {
  /** A project over sites, as clients of the gateway see it. */
  projects: {
    /** 32 hexadecimal digits, like Keystone's. */
    id: Generated<string>;
    name: string;
    description: Generated<string>;
    /** null: made by joining a site. */
    created_by: string | null;
    created_at: Generated<string>;
  };
  project_sites: {
    site_project_id: string;
    project_id: string;
  };
  site_catalogs: {
    site_project_id: string;
    catalog: Json<Catalog>;
    as_of: Generated<string>;
  };
  application_credentials: {
    id: Generated<string>;
    user_id: string;
    project_id: string;
    name: string;
    description: string | null;
    /** `sha256:<hex>` of a secret that we made, or the PHC string of one that the client chose. */
    secret_hash: string;
    roles: Json<string[]>;
    unrestricted: Generated<boolean>;
    broker: Generated<boolean>;
    expires_at: string | null;
    created_at: Generated<string>;
    last_used_at: string | null;
  };
  access_rules: {
    id: Generated<string>;
    user_id: string;
    service: string;
    method: string;
    path: string;
  };
  application_credential_rules: {
    application_credential_id: string;
    access_rule_id: string;
  };
  gateway_tokens: {
    id: Generated<string>;
    token_hash: Buffer;
    user_id: string;
    scope: "unscoped" | "project" | "domain";
    project_id: string | null;
    application_credential_id: string | null;
    methods: Json<string[]>;
    audit_ids: Json<string[]>;
    issued_at: Generated<string>;
    expires_at: string;
  };
  auth_receipts: {
    receipt_hash: Buffer;
    user_id: string;
    methods: Json<string[]>;
    issued_at: Generated<string>;
    expires_at: string;
  };
  totp_secrets: {
    user_id: string;
    /** The shared secret, sealed under `totp_secrets <user id>`. */
    sealed: Buffer;
    /** null: begun, but no code was shown yet; does not count. */
    confirmed_at: string | null;
    /** The time step of the code used last: no code is good twice. */
    used_step: number | null;
    created_at: Generated<string>;
  };
}
