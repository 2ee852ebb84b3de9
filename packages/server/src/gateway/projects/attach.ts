import type { Kysely, Transaction } from "kysely";
import type { Tables } from "../../db/tables.ts";

export interface JoinedProject {
  readonly site_project_id: string;
  readonly site_id: string;
  /** The site's own id and names. */
  readonly project_id: string;
  readonly project_name: string;
  readonly domain_name: string;
}

/**
 * Attaches a project of a site to the project of the same name, which is made where there is none. A project has at
 * most one project of each site, so where another one of this site has the name, the domain becomes part of it.
 * Who else uses the name does not matter: what is in a project is there for nobody without a grant.
 */
export async function attachToNamesake(tx: Transaction<Tables>, joined: JoinedProject): Promise<void> {
  const { project_name, domain_name, site_project_id } = joined;
  for (const name of namesFor(project_name, domain_name)) {
    const project_id = await ensureProject(tx, name);
    if (await hasAnother(tx, project_id, joined)) continue;
    await tx.insertInto("project_sites").values({ site_project_id, project_id }).execute();
    return;
  }
}

function* namesFor(project: string, domain: string): Generator<string, never> {
  yield project;
  yield `${project}-${domain}`;
  for (let number = 2; ; number += 1) yield `${project}-${domain}-${number}`;
}

async function ensureProject(tx: Transaction<Tables>, name: string): Promise<string> {
  const { id } = await tx
    .insertInto("projects")
    .values({ name, created_by: null })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ name }))
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Does the project have a project of this site that is another one at the site? */
export async function hasAnother(
  tx: Transaction<Tables>,
  project_id: string,
  joined: Pick<JoinedProject, "site_id" | "project_id">,
): Promise<boolean> {
  const other = await tx
    .selectFrom("project_sites")
    .innerJoin("site_projects", "site_projects.id", "project_sites.site_project_id")
    .select("site_projects.id")
    .where("project_sites.project_id", "=", project_id)
    .where("site_projects.site_id", "=", joined.site_id)
    .where("site_projects.project_id", "!=", joined.project_id)
    .executeTakeFirst();
  return other !== undefined;
}

/** Forgets projects that joining a site made and that have no site any more. */
export async function purgeEmptyProjects(db: Kysely<Tables>): Promise<void> {
  await db
    .deleteFrom("projects")
    .where("created_by", "is", null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("project_sites")
            .select("site_project_id")
            .whereRef("project_sites.project_id", "=", "projects.id"),
        ),
      ),
    )
    .execute();
}
