import { type Kysely, sql } from "kysely";
import { generateSecret, verify } from "otplib";
import type { Tables } from "../db/tables.ts";
import type { Sealer } from "../secrets/sealer.ts";

/** A code is good in its own half minute and in the one before and after: clocks of phones differ. RFC 6238, 5.2. */
const TOLERANCE_S = 30;

export type TotpStore = ReturnType<typeof createTotpStore>;

/** The second factor of users: a secret that their phone shares with us. */
export function createTotpStore(db: Kysely<Tables>, sealer: Sealer) {
  const label = (user_id: string) => `totp_secrets ${user_id}`;
  const rowOf = (user_id: string) =>
    db.selectFrom("totp_secrets").selectAll().where("user_id", "=", user_id).executeTakeFirst();

  return {
    async isEnrolled(user_id: string): Promise<boolean> {
      return ((await rowOf(user_id))?.confirmed_at ?? null) !== null;
    },

    /** Begins anew; the secret counts once a code of it was shown. @returns undefined where one counts already */
    async begin(user_id: string): Promise<string | undefined> {
      const secret = generateSecret();
      const row = { sealed: sealer.seal(secret, label(user_id)), used_step: null };
      const written = await db
        .insertInto("totp_secrets")
        .values({ user_id, ...row })
        .onConflict((conflict) =>
          conflict.column("user_id").doUpdateSet(row).where("totp_secrets.confirmed_at", "is", null),
        )
        .executeTakeFirst();
      return (written.numInsertedOrUpdatedRows ?? 0n) > 0n ? secret : undefined;
    },

    /**
     * Takes a code: each is good once, whoever of two that send it at the same time.
     *
     * @param to_confirm the first one, which makes the secret count; otherwise only a secret that counts is asked
     */
    async take(user_id: string, passcode: string, to_confirm = false): Promise<boolean> {
      const row = await rowOf(user_id);
      if (!row || (row.confirmed_at === null) !== to_confirm || !/^\d{6}$/.test(passcode)) return false;
      const secret = sealer.open(row.sealed, label(user_id));
      const outcome = await verify({ secret, token: passcode, epochTolerance: TOLERANCE_S });
      if (!outcome.valid || !("timeStep" in outcome)) return false;
      const taken = await db
        .updateTable("totp_secrets")
        .set({ used_step: outcome.timeStep, confirmed_at: sql<string>`coalesce(confirmed_at, now())` })
        .where("user_id", "=", user_id)
        .where(sql<boolean>`coalesce(used_step < ${outcome.timeStep}, true)`)
        .executeTakeFirst();
      return taken.numUpdatedRows > 0n;
    },

    end: async (user_id: string): Promise<void> => {
      await db.deleteFrom("totp_secrets").where("user_id", "=", user_id).execute();
    },
  };
}
