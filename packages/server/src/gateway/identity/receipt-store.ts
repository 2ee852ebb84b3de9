import { type Kysely, sql } from "kysely";
import type { Tables } from "../../db/tables.ts";
import { hashSecret, makeSecret } from "../../identity/bearer-secret.ts";

/** A person looks up a code on their phone in this time. Keystone's own default. */
const RECEIPT_LIFETIME_S = 300;

export interface Receipt {
  readonly user_id: string;
  readonly methods: readonly string[];
  readonly issued_at: string;
  readonly expires_at: string;
}

export type ReceiptStore = ReturnType<typeof createReceiptStore>;

/** What a user has proved of themselves so far, until the second factor comes. */
export function createReceiptStore(db: Kysely<Tables>) {
  return {
    async issue(user_id: string, methods: readonly string[]): Promise<Receipt & { secret: string }> {
      const secret = makeSecret();
      const row = await db
        .insertInto("auth_receipts")
        .values({
          receipt_hash: hashSecret(secret),
          user_id,
          methods: JSON.stringify(methods),
          expires_at: sql<string>`now() + make_interval(secs => ${RECEIPT_LIFETIME_S})`,
        })
        .returning(["user_id", "methods", "issued_at", "expires_at"])
        .executeTakeFirstOrThrow();
      return { ...row, secret };
    },

    find: (secret: string): Promise<Receipt | undefined> =>
      db
        .selectFrom("auth_receipts")
        .select(["user_id", "methods", "issued_at", "expires_at"])
        .where("receipt_hash", "=", hashSecret(secret))
        .where("expires_at", ">", sql<string>`now()`)
        .executeTakeFirst(),
  };
}
