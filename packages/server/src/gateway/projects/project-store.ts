import { Problem, type Project } from "@uniview/api";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Tables } from "../../db/tables.ts";
import { isUniqueViolation } from "../../db/unique-violation.ts";
import type { Principal } from "../../http/principal.ts";
import { hasAnother } from "./attach.ts";

export type ProjectStore = ReturnType<typeof createProjectStore>;
type On = Kysely<Tables> | Transaction<Tables>;

/**
 * Projects over sites, as their users put them together.
 *
 * Who may use one of its sites sees a project; who joined a site's project puts it into another one; and only who
 * joined all that is in a project, or an administrator, renames or deletes it, because others use the name.
 *
 * @param changed what tokens may reach is different now
 */
export function createProjectStore(db: Kysely<Tables>, changed: () => Promise<void>) {
  const list = async (on: On, user: Principal, id?: string): Promise<Project[]> => {
    const projects = await on
      .selectFrom("projects")
      .select(["id", "name", "description", "created_at"])
      .where((where) =>
        where.or([
          where("created_by", "=", user.user_id),
          where.exists(
            where
              .selectFrom("project_sites")
              .innerJoin("grants", "grants.site_project_id", "project_sites.site_project_id")
              .select("grants.id")
              .whereRef("project_sites.project_id", "=", "projects.id")
              .where("grants.user_id", "=", user.user_id),
          ),
        ]),
      )
      .$if(id !== undefined, (query) => query.where("id", "=", id ?? ""))
      .orderBy("name")
      .execute();
    const sites = await sitesIn(on, user);
    return projects.map((project) => ({ ...project, sites: sites.get(project.id) ?? [] }));
  };
  const get = async (on: On, user: Principal, id: string): Promise<Project> => {
    const [project] = await list(on, user, id);
    if (project) return project;
    throw new Problem("not-found", `There is no project ${id}.`, {
      remedy: "`uniview project list` shows yours.",
    });
  };
  const change = async <T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> => {
    const result = await db.transaction().execute(work);
    await changed();
    return result;
  };

  return {
    list: (user: Principal) => list(db, user),
    get: (user: Principal, id: string) => get(db, user, id),

    create: async (user: Principal, project: { name: string; description: string }): Promise<Project> => {
      const { id } = await unlessTaken(project.name, () =>
        db
          .insertInto("projects")
          .values({ ...project, created_by: user.user_id })
          .returning("id")
          .executeTakeFirstOrThrow(),
      );
      return get(db, user, id);
    },

    rename: (
      user: Principal,
      id: string,
      to: { name?: string | undefined; description?: string | undefined },
    ) =>
      change(async (tx) => {
        const project = await get(tx, user, id);
        await demandAllMine(tx, user, project);
        const { name = project.name, description = project.description } = to;
        await unlessTaken(name, () =>
          tx.updateTable("projects").set({ name, description }).where("id", "=", id).execute(),
        );
        return get(tx, user, id);
      }),

    attach: (user: Principal, id: string, { site, project_id }: { site: string; project_id: string }) =>
      change(async (tx) => {
        const project = await get(tx, user, id);
        const joined = await joinedBy(tx, user, site, project_id);
        const [first] = joined;
        if (!first) {
          throw new Problem("not-found", `You did not join a project ${project_id} of the site "${site}".`, {
            site,
            field: "project_id",
            remedy: "Give the site's own id of a project that you joined: `uniview site show` has it.",
          });
        }
        if (await hasAnother(tx, id, first)) {
          throw new Problem(
            "conflict",
            `The project ${project.name} has another project of the site "${site}".`,
            {
              site,
              remedy: "A project has at most one project of each site: detach the other one first.",
            },
          );
        }
        for (const { site_project_id } of joined) {
          await tx
            .insertInto("project_sites")
            .values({ site_project_id, project_id: id })
            .onConflict((conflict) => conflict.column("site_project_id").doUpdateSet({ project_id: id }))
            .execute();
        }
        return get(tx, user, id);
      }),

    detach: (user: Principal, id: string, site: string) =>
      change(async (tx) => {
        const project = await get(tx, user, id);
        const mine = (await joinedBy(tx, user, site)).map((one) => one.site_project_id);
        const gone =
          mine.length === 0
            ? undefined
            : await tx
                .deleteFrom("project_sites")
                .where("project_id", "=", id)
                .where("site_project_id", "in", mine)
                .executeTakeFirst();
        if ((gone?.numDeletedRows ?? 0n) === 0n) {
          throw new Problem(
            "not-found",
            `You joined nothing of the site "${site}" that is in ${project.name}.`,
            {
              site,
            },
          );
        }
      }),

    remove: (user: Principal, id: string) =>
      change(async (tx) => {
        await demandAllMine(tx, user, await get(tx, user, id));
        await tx.deleteFrom("projects").where("id", "=", id).execute();
      }),
  };
}

/** What is in which project, of what the user was granted. */
async function sitesIn(on: On, user: Principal): Promise<Map<string, Project["sites"]>> {
  const rows = await on
    .selectFrom("project_sites")
    .innerJoin("site_projects", "site_projects.id", "project_sites.site_project_id")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .innerJoin("grants", "grants.site_project_id", "site_projects.id")
    .select(["project_sites.project_id as of", "sites.name as site"])
    .select(["site_projects.project_id", "site_projects.project_name"])
    .distinct()
    .where("grants.user_id", "=", user.user_id)
    .orderBy("sites.name")
    .execute();
  const sites = new Map<string, Project["sites"]>();
  for (const { of, ...site } of rows) sites.set(of, [...(sites.get(of) ?? []), site]);
  return sites;
}

/** Projects of a site that the user joined; of an administrator: that anybody joined and they may use. */
async function joinedBy(tx: Transaction<Tables>, user: Principal, site: string, project_id?: string) {
  return tx
    .selectFrom("site_projects")
    .innerJoin("sites", "sites.id", "site_projects.site_id")
    .innerJoin("grants", (join) =>
      join.onRef("grants.site_project_id", "=", "site_projects.id").on("grants.user_id", "=", user.user_id),
    )
    .select(["site_projects.id as site_project_id", "site_projects.site_id", "site_projects.project_id"])
    .where("sites.name", "=", site)
    .$if(project_id !== undefined, (query) => query.where("site_projects.project_id", "=", project_id ?? ""))
    .$if(user.role !== "administrator", (query) => query.where("site_projects.added_by", "=", user.user_id))
    .execute();
}

async function demandAllMine(tx: Transaction<Tables>, user: Principal, project: Project): Promise<void> {
  if (user.role === "administrator") return;
  const others = await tx
    .selectFrom("project_sites")
    .innerJoin("site_projects", "site_projects.id", "project_sites.site_project_id")
    .select("site_projects.id")
    .where("project_sites.project_id", "=", project.id)
    .where(sql<boolean>`site_projects.added_by is distinct from ${user.user_id}`)
    .limit(1)
    .executeTakeFirst();
  if (!others) return;
  throw new Problem("not-allowed", `The project ${project.name} has sites that others joined.`, {
    remedy: "Make a project of your own and attach your sites to it, or ask an administrator.",
  });
}

async function unlessTaken<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Problem("name-taken", `The name "${name}" is taken.`, {
      field: "name",
      remedy: "Choose another name.",
    });
  }
}
