import { type ApiToken, Problem } from "@uniview/api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { isUniqueViolation } from "../db/unique-violation.ts";
import { hashSecret, makeSecret, TOKEN_PREFIX } from "./bearer-secret.ts";

const NOTE_EVERY_SECONDS = 60;
const SHOWN = ["id", "name", "created_at", "expires_at", "last_used_at"] as const;

export type TokenStore = ReturnType<typeof createTokenStore>;

/** API tokens; only their hashes are kept. */
export function createTokenStore(db: Kysely<Tables>) {
  return {
    async create(
      user_id: string,
      { name, expires_in_days }: { name: string; expires_in_days: number | null },
    ): Promise<ApiToken & { token: string }> {
      const token = makeSecret(TOKEN_PREFIX);
      try {
        const row = await db
          .insertInto("api_tokens")
          .values({
            user_id,
            name,
            token_hash: hashSecret(token),
            expires_at:
              expires_in_days === null ? null : sql`now() + make_interval(days => ${expires_in_days})`,
          })
          .returning(SHOWN)
          .executeTakeFirstOrThrow();
        return { ...row, token };
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new Problem("name-taken", `You have an API token named "${name}" already.`, {
          field: "name",
          remedy: "Choose another name, or revoke that token first.",
        });
      }
    },

    async list(user_id: string): Promise<ApiToken[]> {
      return db
        .selectFrom("api_tokens")
        .select(SHOWN)
        .where("user_id", "=", user_id)
        .orderBy("created_at")
        .orderBy("id")
        .execute();
    },

    /** Whose token this is, if it is still good; notes its use. */
    async find(token: string) {
      const found = await db
        .selectFrom("api_tokens")
        .innerJoin("users", "users.id", "api_tokens.user_id")
        .select(["api_tokens.id", "api_tokens.expires_at"])
        .select(["users.id as user_id", "users.name", "users.role"])
        .select(
          sql<boolean>`coalesce(last_used_at < now() - make_interval(secs => ${NOTE_EVERY_SECONDS}), true)`.as(
            "to_note",
          ),
        )
        .where("api_tokens.token_hash", "=", hashSecret(token))
        .where(sql<boolean>`coalesce(api_tokens.expires_at > now(), true)`)
        .executeTakeFirst();
      if (found?.to_note) {
        await db
          .updateTable("api_tokens")
          .set({ last_used_at: sql`now()` })
          .where("id", "=", found.id)
          .execute();
      }
      return found;
    },

    async expiryOf(id: string): Promise<string | null> {
      const row = await db
        .selectFrom("api_tokens")
        .select("expires_at")
        .where("id", "=", id)
        .executeTakeFirst();
      return row?.expires_at ?? null;
    },

    /** @returns false when the user has no such token */
    async remove(user_id: string, id: string): Promise<boolean> {
      const gone = await db
        .deleteFrom("api_tokens")
        .where("id", "=", id)
        .where("user_id", "=", user_id)
        .executeTakeFirst();
      return gone.numDeletedRows > 0n;
    },
  };
}
