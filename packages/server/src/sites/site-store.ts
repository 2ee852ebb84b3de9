import { type Discovery, Problem, type ProblemDetail } from "@uniview/api";
import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import type { Tables } from "../db/tables.ts";
import { isUniqueViolation } from "../db/unique-violation.ts";
import type { SitesTables } from "./tables.ts";

export type SiteRow = Selectable<SitesTables["sites"]>;
export type ProjectRow = Selectable<SitesTables["site_projects"]>;

export interface NewSite {
  readonly name: string;
  readonly auth_url: string;
  readonly region_name: string | null;
  readonly interface: SiteRow["interface"];
  readonly ca_pem: string | null;
  readonly discovery: Discovery;
}

export type NewProject = Omit<ProjectRow, "site_id" | "created_at" | "added_by"> & {
  readonly added_by: string;
};

export interface ProbeOutcome {
  readonly latency_ms: number | null;
  /** null: the site answered. */
  readonly problem: ProblemDetail | null;
}

export type SiteStore = ReturnType<typeof createSiteStore>;

/** Gives a project that was joined its place among Uniview's own projects, in the same transaction. */
export type AttachProject = (
  tx: Transaction<Tables>,
  joined: Pick<ProjectRow, "site_id" | "project_id" | "project_name" | "domain_name"> & {
    readonly site_project_id: string;
  },
) => Promise<void>;

export function createSiteStore(db: Kysely<Tables>, attachProject: AttachProject) {
  return {
    /** Writes a project that was joined, with its grant, and its site unless that is there. */
    join: (site: NewSite, project: NewProject): Promise<string> =>
      db.transaction().execute(async (tx) => {
        const site_id = await ensureSite(tx, site);
        try {
          await tx
            .insertInto("site_projects")
            .values({ ...project, roles: JSON.stringify(project.roles), site_id })
            .execute();
        } catch (error) {
          if (isUniqueViolation(error)) throw joinedAlready(site.name, project.project_name);
          throw error;
        }
        await tx
          .insertInto("grants")
          .values({ user_id: project.added_by, site_project_id: project.id })
          .execute();
        await attachProject(tx, { ...project, site_id, site_project_id: project.id });
        return site_id;
      }),

    byName: (name: string) => db.selectFrom("sites").selectAll().where("name", "=", name).executeTakeFirst(),

    byId: (id: string) => db.selectFrom("sites").selectAll().where("id", "=", id).executeTakeFirst(),

    /** Sites of which the user was granted a project. */
    grantedTo: (user_id: string, name?: string) =>
      db
        .selectFrom("sites")
        .selectAll()
        .where("id", "in", (from) =>
          from
            .selectFrom("grants")
            .innerJoin("site_projects", "site_projects.id", "grants.site_project_id")
            .select("site_projects.site_id")
            .where("grants.user_id", "=", user_id),
        )
        .$if(name !== undefined, (query) => query.where("name", "=", name ?? ""))
        .orderBy("name")
        .execute(),

    /** Projects of these sites that the user was granted. */
    projectsGrantedTo: (user_id: string, site_ids: readonly string[]) =>
      db
        .selectFrom("site_projects")
        .innerJoin("grants", "grants.site_project_id", "site_projects.id")
        .selectAll("site_projects")
        .where("grants.user_id", "=", user_id)
        .where("site_projects.site_id", "in", site_ids)
        .orderBy("site_projects.project_name")
        .orderBy("site_projects.created_at")
        .execute(),

    projectsOf: (site_id: string) =>
      db
        .selectFrom("site_projects")
        .selectAll()
        .where("site_id", "=", site_id)
        .orderBy("created_at")
        .execute(),

    /** Ids of the users who were granted any of these projects. */
    async usersOf(site_project_ids: readonly string[]): Promise<string[]> {
      const rows = await db
        .selectFrom("grants")
        .select("user_id")
        .distinct()
        .where("site_project_id", "in", site_project_ids)
        .execute();
      return rows.map((row) => row.user_id);
    },

    project: (id: string) =>
      db.selectFrom("site_projects").selectAll().where("id", "=", id).executeTakeFirst(),

    allProjects: () =>
      db
        .selectFrom("site_projects")
        .innerJoin("sites", "sites.id", "site_projects.site_id")
        .select(["site_projects.id", "sites.id as site_id", "sites.name as site"])
        .select(["site_projects.project_id", "site_projects.project_name"])
        .orderBy("site_projects.created_at")
        .execute(),

    allSites: () => db.selectFrom("sites").selectAll().execute(),

    async setDiscovery(site_id: string, discovery: Discovery): Promise<void> {
      await db
        .updateTable("sites")
        .set({ discovery: JSON.stringify(discovery) })
        .where("id", "=", site_id)
        .execute();
    },

    /** Notes what a look at the site said. @returns true when that differs from the look before */
    async noteProbe(site_id: string, { latency_ms, problem }: ProbeOutcome): Promise<boolean> {
      const before = await db
        .selectFrom("sites")
        .select("problem")
        .where("id", "=", site_id)
        .executeTakeFirst();
      await db
        .updateTable("sites")
        .set(
          problem
            ? {
                unreachable_since: sql<string>`coalesce(unreachable_since, now())`,
                problem: JSON.stringify(problem),
              }
            : { unreachable_since: null, problem: null, latency_ms, seen_at: sql<string>`now()` },
        )
        .where("id", "=", site_id)
        .execute();
      return before !== undefined && before.problem?.type !== problem?.type;
    },

    /** Names of unfinished jobs of this site whose owners may use one of the projects. */
    async unfinishedJobs(site: string, project_ids: readonly string[]): Promise<string[]> {
      const rows = await db
        .selectFrom("jobs")
        .select("title")
        .where("status", "in", ["queued", "running", "waiting", "undoing", "stuck"])
        .where(sql<boolean>`(labels @> ${JSON.stringify({ site })}::jsonb
          or labels @> ${JSON.stringify({ target_site: site })}::jsonb)`)
        .where("owner", "in", (from) =>
          from
            .selectFrom("grants")
            .select(sql<string>`user_id::text`.as("owner"))
            .where("site_project_id", "in", project_ids),
        )
        .execute();
      return rows.map((row) => row.title);
    },

    /** Removes projects, and the site with the last of them. @returns whether the site went, too */
    removeProjects: (site_id: string, ids: readonly string[]): Promise<boolean> =>
      db.transaction().execute(async (tx) => {
        await tx.selectFrom("sites").select("id").where("id", "=", site_id).forUpdate().execute();
        await tx.deleteFrom("site_projects").where("id", "in", ids).execute();
        const left = await tx
          .selectFrom("site_projects")
          .select("id")
          .where("site_id", "=", site_id)
          .limit(1)
          .executeTakeFirst();
        if (left) return false;
        await tx.deleteFrom("sites").where("id", "=", site_id).execute();
        return true;
      }),
  };
}

/** The site's id, locked against removal until the transaction ends. */
async function ensureSite(tx: Transaction<Tables>, site: NewSite): Promise<string> {
  const made = await tx
    .insertInto("sites")
    .values({ ...site, discovery: JSON.stringify(site.discovery), seen_at: sql`now()` })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (made) return made.id;
  const there = await tx
    .selectFrom("sites")
    .select("id")
    .where("name", "=", site.name)
    .where("auth_url", "=", site.auth_url)
    .where(sql<boolean>`region_name is not distinct from ${site.region_name}`)
    .where("interface", "=", site.interface)
    .forUpdate()
    .executeTakeFirst();
  if (!there) throw nameTaken(site.name);
  return there.id;
}

export function nameTaken(name: string): Problem {
  return new Problem("name-taken", `Another site has the name "${name}" already.`, {
    field: "name",
    remedy: "Choose another name.",
  });
}

export function joinedAlready(name: string, project: string): Problem {
  return new Problem("name-taken", `You joined the project ${project} of the site "${name}" already.`, {
    field: "name",
    remedy: "Remove the site first to join it anew, or give another project of it.",
  });
}
