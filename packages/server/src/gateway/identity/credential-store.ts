import { type Kysely, type Selectable, sql } from "kysely";
import type { Tables } from "../../db/tables.ts";
import { isUniqueViolation } from "../../db/unique-violation.ts";
import type { GatewayTables } from "../tables.ts";
import { ruleIds, rulesOfCredentials } from "./access-rule-store.ts";
import { keepChosenSecret, makeCredentialSecret, verifyCredentialSecret } from "./credential-secret.ts";
import type { AccessRule } from "./gateway-token.ts";
import { KeystoneError } from "./keystone-error.ts";

type Row = Selectable<GatewayTables["application_credentials"]>;

export interface Credential extends Omit<Row, "secret_hash"> {
  /** `expires_at` to the microsecond and without its `Z`, as Keystone writes it: clients compare the text. */
  readonly expires_at_exact: string | null;
  readonly access_rules: readonly AccessRule[];
}

export interface NewCredential extends Pick<Row, "user_id" | "project_id" | "name"> {
  readonly description?: string | undefined;
  /** Without it we make one. */
  readonly secret?: string | undefined;
  readonly roles: readonly string[];
  readonly unrestricted: boolean;
  readonly broker: boolean;
  readonly expires_at: string | null;
  /** Ids of rules that the user has, or new ones. */
  readonly access_rules: readonly (string | Omit<AccessRule, "id">)[];
}

const SHOWN = [
  "id",
  "user_id",
  "project_id",
  "name",
  "description",
  "roles",
  "unrestricted",
  "broker",
  "expires_at",
  "created_at",
  "last_used_at",
] as const;

export type CredentialStore = ReturnType<typeof createCredentialStore>;

/** Application credentials, made and revoked here and known to no site. */
export function createCredentialStore(db: Kysely<Tables>) {
  const mine = (user_id: string) =>
    db
      .selectFrom("application_credentials")
      .select(SHOWN)
      .select(
        sql<string | null>`to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`.as(
          "expires_at_exact",
        ),
      )
      .where("user_id", "=", user_id);
  const withRules = async (rows: Omit<Credential, "access_rules">[]): Promise<Credential[]> => {
    const rules = await rulesOfCredentials(
      db,
      rows.map((row) => row.id),
    );
    return rows.map((row) => ({ ...row, access_rules: rules.get(row.id) ?? [] }));
  };

  return {
    async create({ secret: chosen, access_rules, ...made }: NewCredential) {
      const { secret, secret_hash } =
        chosen === undefined ? makeCredentialSecret() : await keepChosenSecret(chosen);
      try {
        const id = await db.transaction().execute(async (tx) => {
          const row = await tx
            .insertInto("application_credentials")
            .values({ ...made, secret_hash, roles: JSON.stringify(made.roles) })
            .returning("id")
            .executeTakeFirstOrThrow();
          const rules = await ruleIds(tx, made.user_id, access_rules);
          if (rules.length > 0) {
            await tx
              .insertInto("application_credential_rules")
              .values(rules.map((access_rule_id) => ({ access_rule_id, application_credential_id: row.id })))
              .execute();
          }
          return row.id;
        });
        const [credential] = await withRules(await mine(made.user_id).where("id", "=", id).execute());
        if (!credential) throw new Error("what was just made is there");
        return { credential, secret };
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new KeystoneError(
          409,
          `You have an application credential named "${made.name}" already: choose another name, or delete that one first.`,
        );
      }
    },

    list: async (user_id: string, name?: string): Promise<Credential[]> =>
      withRules(
        await mine(user_id)
          .$if(name !== undefined, (query) => query.where("name", "=", name ?? ""))
          .orderBy("name")
          .execute(),
      ),

    async find(user_id: string, id: string): Promise<Credential | undefined> {
      const [found] = await withRules(await mine(user_id).where("id", "=", id).execute());
      return found;
    },

    /** Its tokens go with it. @returns false when the user has no such credential */
    async remove(user_id: string, id: string): Promise<boolean> {
      const gone = await db
        .deleteFrom("application_credentials")
        .where("user_id", "=", user_id)
        .where("id", "=", id)
        .executeTakeFirst();
      return gone.numDeletedRows > 0n;
    },

    /** The credential whose secret this is, if it is still good; named by its id, or by its user and name. */
    async signIn(
      named: { id: string } | { user_id: string | undefined; name: string },
      secret: string,
    ): Promise<Row | undefined> {
      const query = db.selectFrom("application_credentials").selectAll();
      const row =
        "id" in named
          ? await query.where("id", "=", named.id).executeTakeFirst()
          : named.user_id === undefined
            ? undefined
            : await query
                .where("user_id", "=", named.user_id)
                .where("name", "=", named.name)
                .executeTakeFirst();
      const right = await verifyCredentialSecret(secret, row?.secret_hash);
      if (!row || !right || (row.expires_at !== null && Date.parse(row.expires_at) <= Date.now())) {
        return undefined;
      }
      await db
        .updateTable("application_credentials")
        .set({ last_used_at: sql`now()` })
        .where("id", "=", row.id)
        .execute();
      return row;
    },
  };
}
