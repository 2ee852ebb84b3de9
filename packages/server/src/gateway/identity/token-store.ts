import { type Kysely, sql } from "kysely";
import type { Tables } from "../../db/tables.ts";
import { hashSecret, makeSecret } from "../../identity/bearer-secret.ts";
import { rulesOfCredentials } from "./access-rule-store.ts";
import { GATEWAY_TOKEN_PREFIX, type GatewayToken, type TokenCredential } from "./gateway-token.ts";
import { rolesOf } from "./roles.ts";
import { sitesOf } from "./sites-of-project.ts";

export interface NewToken {
  readonly user_id: string;
  readonly scope: GatewayToken["scope"];
  readonly project_id: string | null;
  readonly application_credential_id: string | null;
  readonly methods: readonly string[];
  readonly audit_ids: readonly string[];
  /** Of the token that this one was got with: a rescoped one never lives longer. */
  readonly not_after: string | undefined;
}

export type TokenStore = ReturnType<typeof createTokenStore>;

/** Tokens of the gateway; only their hashes are kept. */
export function createTokenStore(db: Kysely<Tables>, lifetime_s: number) {
  return {
    /** @returns the token itself, which is known to nobody else */
    async issue({ not_after, ...token }: NewToken): Promise<string> {
      const secret = makeSecret(GATEWAY_TOKEN_PREFIX);
      await db
        .insertInto("gateway_tokens")
        .values({
          ...token,
          token_hash: hashSecret(secret),
          methods: JSON.stringify(token.methods),
          audit_ids: JSON.stringify(token.audit_ids),
          expires_at: sql<string>`least(now() + make_interval(secs => ${lifetime_s}), ${not_after ?? null}::timestamptz)`,
        })
        .execute();
      return secret;
    },

    /** What the token says, if it is good now: its user, project, credential and a grant at one site at least are there. */
    async find(secret: string): Promise<GatewayToken | undefined> {
      const row = await db
        .selectFrom("gateway_tokens as token")
        .innerJoin("users as user", "user.id", "token.user_id")
        .leftJoin("projects as project", "project.id", "token.project_id")
        .leftJoin("application_credentials as credential", "credential.id", "token.application_credential_id")
        .select(["token.id", "token.user_id", "token.scope", "token.methods", "token.audit_ids"])
        .select(["token.issued_at", "token.expires_at", "user.name as user_name", "user.role as user_role"])
        .select(["project.id as project_id", "project.name as project_name"])
        .select(["credential.id as credential_id", "credential.name as credential_name"])
        .select(["credential.unrestricted", "credential.broker", "credential.roles as credential_roles"])
        .where("token.token_hash", "=", hashSecret(secret))
        .where("token.expires_at", ">", sql<string>`now()`)
        .where(sql<boolean>`coalesce(credential.expires_at > now(), true)`)
        .executeTakeFirst();
      if (!row) return undefined;
      const { project_id, project_name, credential_id, credential_name, credential_roles } = row;
      const project =
        project_id === null || project_name === null ? undefined : { id: project_id, name: project_name };
      const sites = project ? await sitesOf(db, row.user_id, project.id) : [];
      if (row.scope === "project" && sites.length === 0) return undefined;
      if (row.scope === "domain" && row.user_role !== "administrator") return undefined;
      const application_credential: TokenCredential | undefined =
        credential_id === null || credential_name === null
          ? undefined
          : {
              id: credential_id,
              name: credential_name,
              unrestricted: row.unrestricted ?? false,
              broker: row.broker ?? false,
              access_rules: (await rulesOfCredentials(db, [credential_id])).get(credential_id),
            };
      return {
        id: row.id,
        user_id: row.user_id,
        user_name: row.user_name,
        user_role: row.user_role,
        scope: row.scope,
        project,
        sites,
        methods: row.methods,
        audit_ids: row.audit_ids,
        roles: row.scope === "unscoped" ? [] : rolesOf(row.scope, credential_roles ?? undefined),
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        application_credential,
      };
    },

    revoke: async (id: string): Promise<void> => {
      await db.deleteFrom("gateway_tokens").where("id", "=", id).execute();
    },

    /** Forgets what has ended. */
    async purge(): Promise<void> {
      await db.deleteFrom("gateway_tokens").where("expires_at", "<", sql<string>`now()`).execute();
      await db.deleteFrom("auth_receipts").where("expires_at", "<", sql<string>`now()`).execute();
    },
  };
}
