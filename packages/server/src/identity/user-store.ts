import { Problem, type User } from "@uniview/api";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Tables } from "../db/tables.ts";
import { isUniqueViolation } from "../db/unique-violation.ts";
import { hashSecret } from "./bearer-secret.ts";

const SHOWN = ["id", "name", "role", "created_at"] as const;
/** Any constant; whoever changes who is administrator waits for the others, so that one is always left. */
const ADMINISTRATORS_LOCK = 7_304_010;

interface NewUser {
  readonly name: string;
  readonly role: User["role"];
  readonly password_hash: string;
}

export type UserStore = ReturnType<typeof createUserStore>;

export function createUserStore(db: Kysely<Tables>) {
  const insert = async (on: Kysely<Tables> | Transaction<Tables>, user: NewUser): Promise<User> => {
    try {
      return await on.insertInto("users").values(user).returning(SHOWN).executeTakeFirstOrThrow();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new Problem("name-taken", `There is a user named "${user.name}" already.`, {
        field: "name",
        remedy: "Choose another name.",
      });
    }
  };

  return {
    create: (user: NewUser) => insert(db, user),

    list: (): Promise<User[]> => db.selectFrom("users").select(SHOWN).orderBy("name").execute(),

    find: (id: string): Promise<User | undefined> =>
      db.selectFrom("users").select(SHOWN).where("id", "=", id).executeTakeFirst(),

    /** With the hash, for signing in. Names are compared without regard to case. */
    findForSignIn: (name: string) =>
      db
        .selectFrom("users")
        .select([...SHOWN, "password_hash"])
        .where(sql`lower(name)`, "=", name.toLowerCase())
        .executeTakeFirst(),

    async hasAdministrator(): Promise<boolean> {
      const row = await db
        .selectFrom("users")
        .select("id")
        .where("role", "=", "administrator")
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** @throws Problem when an administrator must not go, or would leave sites that nobody else can use */
    remove: (id: string): Promise<void> =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})`.execute(tx);
        const orphans = await sitesOnlyFor(tx, id);
        if (orphans.length > 0) {
          throw new Problem("conflict", `Nobody else may use what this user joined: ${orphans.join(", ")}.`, {
            remedy: "Remove these sites, or grant their projects to somebody else, first.",
          });
        }
        const gone = await tx.deleteFrom("users").where("id", "=", id).executeTakeFirst();
        if (gone.numDeletedRows === 0n) throw new Problem("not-found", "There is no such user.");
        const left = await tx.selectFrom("users").select("id").where("role", "=", "administrator").execute();
        if (left.length === 0) {
          throw new Problem("conflict", "This is the last administrator.", {
            remedy: "Make another user an administrator first.",
          });
        }
      }),

    /** A new setup link; the one before is no longer good. */
    async keepSetupToken(token: string, valid_hours: number): Promise<void> {
      const row = {
        token_hash: hashSecret(token),
        expires_at: sql<string>`now() + make_interval(hours => ${valid_hours})`,
      };
      await db
        .insertInto("setup_token")
        .values(row)
        .onConflict((conflict) => conflict.column("only").doUpdateSet(row))
        .execute();
    },

    /** Creates the first administrator and uses the link up, both or neither. @returns undefined: the link is not good */
    createFirst: (token: string, user: NewUser): Promise<User | undefined> =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})`.execute(tx);
        const used = await tx
          .deleteFrom("setup_token")
          .where("token_hash", "=", hashSecret(token))
          .where("expires_at", ">", sql<string>`now()`)
          .returning("only")
          .executeTakeFirst();
        return used ? insert(tx, user) : undefined;
      }),
  };
}

/** Sites of projects that this user brought and that nobody else was granted: with the user they would be lost to sight. */
async function sitesOnlyFor(tx: Transaction<Tables>, user_id: string): Promise<string[]> {
  const rows = await tx
    .selectFrom("site_projects")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .select("sites.name")
    .distinct()
    .where("site_projects.added_by", "=", user_id)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("grants")
            .select("grants.id")
            .whereRef("grants.site_project_id", "=", "site_projects.id")
            .where("grants.user_id", "!=", user_id),
        ),
      ),
    )
    .orderBy("sites.name")
    .execute();
  return rows.map((row) => row.name);
}
