import { Problem } from "@uniview/api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";

export type GrantStore = ReturnType<typeof createGrantStore>;

/** Who may use which project of a site. */
export function createGrantStore(db: Kysely<Tables>) {
  const shown = () =>
    db
      .selectFrom("grants")
      .innerJoin("users", "users.id", "grants.user_id")
      .innerJoin("site_projects", "site_projects.id", "grants.site_project_id")
      .innerJoin("sites", "sites.id", "site_projects.site_id")
      .select(["grants.id", "grants.user_id", "users.name as user_name", "sites.name as site"])
      .select(["site_projects.project_id", "site_projects.project_name", "grants.created_at"]);

  return {
    list: (site: string) =>
      shown().where("sites.name", "=", site).orderBy("users.name").orderBy("grants.id").execute(),

    /** Granting what is granted already changes nothing. The project that was joined first stands for its id. */
    async create(site: string, user_name: string, project_id: string) {
      const user = await db
        .selectFrom("users")
        .select("id")
        .where(sql`lower(name)`, "=", user_name.toLowerCase())
        .executeTakeFirst();
      if (!user) {
        throw new Problem("invalid-input", `There is no user "${user_name}".`, {
          field: "user_name",
          remedy: "Create the user first.",
        });
      }
      const project = await db
        .selectFrom("site_projects")
        .innerJoin("sites", "sites.id", "site_projects.site_id")
        .select("site_projects.id")
        .where("sites.name", "=", site)
        .where("site_projects.project_id", "=", project_id)
        .orderBy("site_projects.created_at")
        .executeTakeFirst();
      if (!project) {
        throw new Problem(
          "invalid-input",
          `The site "${site}" has no joined project with the id ${project_id}.`,
          {
            field: "project_id",
            remedy: "Give the id of a project that somebody joined.",
          },
        );
      }
      await db
        .insertInto("grants")
        .values({ user_id: user.id, site_project_id: project.id })
        .onConflict((conflict) => conflict.columns(["user_id", "site_project_id"]).doNothing())
        .execute();
      return shown()
        .where("grants.user_id", "=", user.id)
        .where("grants.site_project_id", "=", project.id)
        .executeTakeFirstOrThrow();
    },

    /** @returns false when there is no such grant */
    async remove(site: string, id: string): Promise<boolean> {
      const gone = await db
        .deleteFrom("grants")
        .where("id", "=", id)
        .where("site_project_id", "in", (from) =>
          from
            .selectFrom("site_projects")
            .innerJoin("sites", "sites.id", "site_projects.site_id")
            .select("site_projects.id")
            .where("sites.name", "=", site),
        )
        .executeTakeFirst();
      return gone.numDeletedRows > 0n;
    },
  };
}
