import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import { hashSecret, makeSecret } from "./bearer-secret.ts";

/** A session ends so long after its last use … */
export const SLIDING_HOURS = 12;
/** … and so long after its beginning, however much it is used. */
export const ABSOLUTE_DAYS = 7;
/** Uses are noted so often at most: not every request needs a write. */
const NOTE_EVERY_SECONDS = 60;

const expires_at = sql<string>`least(
  sessions.seen_at + make_interval(hours => ${SLIDING_HOURS}),
  sessions.created_at + make_interval(days => ${ABSOLUTE_DAYS}))`;

export type SessionStore = ReturnType<typeof createSessionStore>;

export function createSessionStore(db: Kysely<Tables>) {
  return {
    /** Begins a session, and forgets those that have ended. */
    async begin(user_id: string): Promise<{ secret: string; expires_at: string }> {
      await db.deleteFrom("sessions").where(expires_at, "<", sql<string>`now()`).execute();
      const secret = makeSecret();
      const row = await db
        .insertInto("sessions")
        .values({ user_id, token_hash: hashSecret(secret) })
        .returning(expires_at.as("expires_at"))
        .executeTakeFirstOrThrow();
      return { secret, expires_at: row.expires_at };
    },

    /** Whose session this is, if it goes on; notes its use. */
    async find(secret: string) {
      const found = await db
        .selectFrom("sessions")
        .innerJoin("users", "users.id", "sessions.user_id")
        .select(["sessions.id", "users.id as user_id", "users.name", "users.role", "users.created_at"])
        .select(expires_at.as("expires_at"))
        .select(
          sql<boolean>`sessions.seen_at < now() - make_interval(secs => ${NOTE_EVERY_SECONDS})`.as("to_note"),
        )
        .where("sessions.token_hash", "=", hashSecret(secret))
        .where(expires_at, ">", sql<string>`now()`)
        .executeTakeFirst();
      if (found?.to_note) {
        await db.updateTable("sessions").set({ seen_at: sql`now()` }).where("id", "=", found.id).execute();
      }
      return found;
    },

    async expiryOf(id: string): Promise<string | undefined> {
      const row = await db
        .selectFrom("sessions")
        .select(expires_at.as("expires_at"))
        .where("id", "=", id)
        .executeTakeFirst();
      return row?.expires_at;
    },

    async end(id: string): Promise<void> {
      await db.deleteFrom("sessions").where("id", "=", id).execute();
    },
  };
}
