import { Problem } from "@uniview/api";
import { isStatus } from "@uniview/openstack";
import type { Principal } from "../http/principal.ts";
import { unmintCredential } from "./mint-credential.ts";
import type { SessionPool } from "./session-pool.ts";
import { siteProblem } from "./site-problems.ts";
import type { ProjectRow, SiteRow, SiteStore } from "./site-store.ts";

/** Deleting a credential must not make a person wait for the whole deadline of a session. */
const UNMINT_TIMEOUT_MS = 20_000;

interface Deps {
  readonly store: SiteStore;
  readonly pool: SessionPool;
}

/**
 * Removes what the user may remove of a site: the projects that they joined, or all of them for an administrator.
 * The credentials that Uniview made there are deleted first, each by itself.
 *
 * @returns what may still be at the site, and who has to be told
 * @throws Problem `not-found`, `not-allowed`, `site-in-use`, or what the site said (nothing is removed here then)
 */
export async function leaveSite(
  { store, pool }: Deps,
  user: Principal,
  name: string,
  force: boolean,
): Promise<{ left_behind: string[]; user_ids: string[] }> {
  const site = await visible(store, user, name);
  const projects = await store.projectsOf(site.id);
  const mine =
    user.role === "administrator" ? projects : projects.filter((one) => one.added_by === user.user_id);
  if (mine.length === 0) {
    throw new Problem("not-allowed", `You did not join the site "${name}"; you were only granted its use.`, {
      site: name,
      remedy: "Ask whoever joined it, or an administrator.",
    });
  }
  const ids = mine.map((one) => one.id);
  const [job, ...others] = await store.unfinishedJobs(name, ids);
  if (job !== undefined) {
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    throw new Problem("site-in-use", `The site "${name}" is in use by a job: ${job}${more}.`, {
      site: name,
      remedy: "Wait until it has ended, or cancel it.",
    });
  }
  const left_behind: string[] = [];
  for (const project of mine) {
    if (!project.credential_minted || project.credential_id === null) continue;
    const left = await unmint(pool, site, project, force);
    if (left) left_behind.push(left);
  }
  const user_ids = await store.usersOf(ids); // asked now: the grants go with the projects
  await store.removeProjects(site.id, ids);
  return { left_behind, user_ids };
}

async function visible(store: SiteStore, user: Principal, name: string): Promise<SiteRow> {
  const site =
    user.role === "administrator" ? await store.byName(name) : (await store.grantedTo(user.user_id, name))[0];
  if (site) return site;
  throw new Problem("not-found", `There is no site "${name}".`, {
    remedy: "`uniview site list` shows those that you may use.",
  });
}

/** @returns what stays at the site, if anything may */
async function unmint(
  pool: SessionPool,
  site: SiteRow,
  project: ProjectRow,
  force: boolean,
): Promise<string | undefined> {
  const { credential_id: id, site_user_id, site_user_name, project_name } = project;
  const what = `application credential ${id} of ${site_user_name} in project ${project_name}`;
  try {
    const session = await pool.connectAnyway(project.id);
    await Promise.race([
      session.service("identity").then((keystone) => unmintCredential(keystone, site_user_id, id ?? "")),
      tooLate(site.name),
    ]);
    return undefined;
  } catch (error) {
    // it was deleted there already, or the user was disabled: either way it lets nobody in
    if (isStatus(error, 401)) return `${what}, unless it was deleted there before: the site refuses it`;
    const told = siteProblem(error, site.name);
    if (!(told instanceof Problem)) throw error;
    if (force) return `${what}: ${told.message}`;
    throw new Problem(told.slug, `The ${what} could not be deleted: ${told.message}`, {
      ...told.extras,
      site: site.name,
      remedy:
        "Try again when the site answers, or remove the site by force and delete the credential by hand.",
    });
  }
}

async function tooLate(site: string): Promise<never> {
  await new Promise<void>((resolve) => setTimeout(resolve, UNMINT_TIMEOUT_MS).unref());
  throw new Problem("site-unreachable", `It did not answer within ${UNMINT_TIMEOUT_MS / 1000} s.`, { site });
}
