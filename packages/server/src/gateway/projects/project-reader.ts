import type { Kysely } from "kysely";
import type { Tables } from "../../db/tables.ts";

export interface KnownProject {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

export type ProjectReader = ReturnType<typeof createProjectReader>;

/** Projects in which a user may work: those with a site that was granted to them. The others are not there. */
export function createProjectReader(db: Kysely<Tables>) {
  const visible = (user_id: string) =>
    db
      .selectFrom("projects")
      .select(["projects.id", "projects.name", "projects.description"])
      .where((where) =>
        where.exists(
          where
            .selectFrom("project_sites")
            .innerJoin("grants", "grants.site_project_id", "project_sites.site_project_id")
            .select("grants.id")
            .whereRef("project_sites.project_id", "=", "projects.id")
            .where("grants.user_id", "=", user_id),
        ),
      );
  return {
    list: (user_id: string): Promise<KnownProject[]> => visible(user_id).orderBy("name").execute(),
    find: (user_id: string, id: string): Promise<KnownProject | undefined> =>
      visible(user_id).where("id", "=", id).executeTakeFirst(),
    named: (user_id: string, name: string): Promise<KnownProject | undefined> =>
      visible(user_id).where("name", "=", name).executeTakeFirst(),
  };
}
