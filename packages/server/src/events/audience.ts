import type { Kysely } from "kysely";
import type { Tables } from "../db/tables.ts";

/** Whom a change concerns: these users, who is granted a project of a site or any of its projects, or a job's owner. */
export type Audience =
  | { readonly user_ids: readonly string[] }
  | { readonly site_project_id: string }
  | { readonly site_id: string }
  | { readonly job_id: string };

export interface Audiences {
  usersOf(audience: Audience): Promise<ReadonlySet<string>>;
  /** Who is granted what has changed. */
  forget(): void;
}

/** Remembered audiences; job owners never change, grants are forgotten when they do. */
const MAX_REMEMBERED = 10_000;

/** Who may know what, read once and remembered until grants change: a change must not cost a query each. */
export function createAudiences(db: Kysely<Tables>): Audiences {
  const remembered = new Map<string, Promise<ReadonlySet<string>>>();
  return {
    async usersOf(audience) {
      if ("user_ids" in audience) return new Set(audience.user_ids);
      const key = Object.entries(audience).join();
      const known = remembered.get(key);
      if (known) return known;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const users = readUsers(db, audience);
      remembered.set(key, users);
      users.catch(() => remembered.delete(key));
      return users;
    },
    forget: () => remembered.clear(),
  };
}

async function readUsers(
  db: Kysely<Tables>,
  audience: Exclude<Audience, { user_ids: readonly string[] }>,
): Promise<ReadonlySet<string>> {
  if ("job_id" in audience) {
    const job = await db
      .selectFrom("jobs")
      .select("owner")
      .where("id", "=", audience.job_id)
      .executeTakeFirst();
    return new Set(job ? [job.owner] : []);
  }
  const granted = db.selectFrom("grants").select("user_id").distinct();
  const rows =
    "site_project_id" in audience
      ? await granted.where("site_project_id", "=", audience.site_project_id).execute()
      : await granted
          .innerJoin("site_projects", "site_projects.id", "grants.site_project_id")
          .where("site_projects.site_id", "=", audience.site_id)
          .execute();
  return new Set(rows.map((row) => row.user_id));
}
