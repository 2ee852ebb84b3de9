import type { Kysely, Transaction } from "kysely";
import type { Tables } from "../../db/tables.ts";
import type { AccessRule } from "./gateway-token.ts";
import { notThere } from "./keystone-error.ts";

const SHOWN = ["id", "service", "method", "path"] as const;

/** Rules of application credentials by id of the credential; what has none is not in it. */
export async function rulesOfCredentials(
  db: Kysely<Tables>,
  credential_ids: readonly string[],
): Promise<Map<string, AccessRule[]>> {
  const rules = new Map<string, AccessRule[]>();
  if (credential_ids.length === 0) return rules;
  const rows = await db
    .selectFrom("application_credential_rules as held")
    .innerJoin("access_rules as rule", "rule.id", "held.access_rule_id")
    .select(["held.application_credential_id", "rule.id", "rule.service", "rule.method", "rule.path"])
    .where("held.application_credential_id", "in", credential_ids)
    .orderBy("rule.id")
    .execute();
  for (const { application_credential_id: of, ...rule } of rows) {
    rules.set(of, [...(rules.get(of) ?? []), rule]);
  }
  return rules;
}

/** Ids of a user's rules: those named by id have to be there, equal ones are shared, new ones are made. */
export async function ruleIds(
  tx: Transaction<Tables>,
  user_id: string,
  rules: readonly (string | Omit<AccessRule, "id">)[],
): Promise<string[]> {
  const ids = new Set<string>();
  for (const rule of rules) {
    if (typeof rule === "string") {
      const there = await tx
        .selectFrom("access_rules")
        .select("id")
        .where("user_id", "=", user_id)
        .where("id", "=", rule)
        .executeTakeFirst();
      if (!there) throw notThere("access rule", rule);
      ids.add(there.id);
    } else {
      const { service, method, path } = rule;
      const { id } = await tx
        .insertInto("access_rules")
        .values({ user_id, service, method, path })
        .onConflict((conflict) =>
          conflict.columns(["user_id", "service", "method", "path"]).doUpdateSet({ service }),
        )
        .returning("id")
        .executeTakeFirstOrThrow();
      ids.add(id);
    }
  }
  return [...ids];
}

export type AccessRuleStore = ReturnType<typeof createAccessRuleStore>;

/** A user's own rules, whichever credentials hold them. */
export function createAccessRuleStore(db: Kysely<Tables>) {
  const mine = (user_id: string) =>
    db.selectFrom("access_rules").select(SHOWN).where("user_id", "=", user_id);
  return {
    list: (user_id: string): Promise<AccessRule[]> => mine(user_id).orderBy("id").execute(),
    find: (user_id: string, id: string): Promise<AccessRule | undefined> =>
      mine(user_id).where("id", "=", id).executeTakeFirst(),
    /** A rule that a credential holds stays: without it the credential would be allowed more. */
    async remove(user_id: string, id: string): Promise<"removed" | "not-there" | "held"> {
      if (!(await mine(user_id).where("id", "=", id).executeTakeFirst())) return "not-there";
      const gone = await db
        .deleteFrom("access_rules")
        .where("id", "=", id)
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom("application_credential_rules")
                .select("access_rule_id")
                .where("access_rule_id", "=", id),
            ),
          ),
        )
        .executeTakeFirst();
      return gone.numDeletedRows > 0n ? "removed" : "held";
    },
  };
}
