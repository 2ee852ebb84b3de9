import { type Kysely, sql } from "kysely";
import type { Tables } from "../../db/tables.ts";
import type { NamedUser } from "./auth-request.ts";
import { isDefaultDomain } from "./domain.ts";
import { ourUserId } from "./user-ids.ts";

export interface KnownUser {
  readonly id: string;
  readonly name: string;
  readonly role: "administrator" | "user";
}

export type UserReader = ReturnType<typeof createUserReader>;

/** Uniview's users as Keystone's clients name them. */
export function createUserReader(db: Kysely<Tables>) {
  const users = () => db.selectFrom("users").select(["id", "name", "role"]);
  return {
    /** With the hash of the password; undefined: nobody is named so. Names are compared without regard to case. */
    async named({
      id,
      name,
      domain,
    }: NamedUser): Promise<(KnownUser & { password_hash: string }) | undefined> {
      const query = users().select("password_hash");
      const our_id = id === undefined ? undefined : ourUserId(id);
      if (our_id !== undefined) return query.where("id", "=", our_id).executeTakeFirst();
      if (id !== undefined || name === undefined || !isDefaultDomain(domain)) return undefined;
      return query.where(sql`lower(name)`, "=", name.toLowerCase()).executeTakeFirst();
    },
    find: (id: string): Promise<KnownUser | undefined> => users().where("id", "=", id).executeTakeFirst(),
    all: (): Promise<KnownUser[]> => users().orderBy("name").execute(),
  };
}
