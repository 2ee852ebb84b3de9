import { randomUUID } from "node:crypto";
import { type CloudCheck, type CloudEntry, type Discovery, Problem } from "@uniview/api";
import { type CloudCredentials, createSession, type Session, type Token } from "@uniview/openstack";
import type { Principal } from "../http/principal.ts";
import type { Sealer } from "../secrets/sealer.ts";
import { chooseRegion } from "./choose-region.ts";
import { locationOf, readCloud } from "./cloud-credentials.ts";
import { discover } from "./discover.ts";
import { mintCredential, unmintCredential } from "./mint-credential.ts";
import { sealLabel } from "./session-pool.ts";
import { siteProblem } from "./site-problems.ts";
import { joinedAlready, type NewProject, nameTaken, type SiteRow, type SiteStore } from "./site-store.ts";

/** Of one call while a site is joined, so that the whole stays below a minute. */
const CALL_TIMEOUT_MS = 15_000;
/** Of the whole. */
const JOIN_TIMEOUT_MS = 55_000;

/** What a look at a cloud entry found. */
interface Found {
  readonly token: Token;
  readonly project: NonNullable<Token["project"]>;
  readonly credentials: CloudCredentials;
  readonly discovery: Discovery;
}

/** What adding this entry would find; makes nothing at the site. */
export async function checkCloud(cloud: CloudEntry): Promise<CloudCheck> {
  return inTime(async () => {
    const found = await lookAt(readCloud(cloud));
    const { token, project, credentials, discovery } = found;
    return {
      discovery,
      project: {
        id: project.id,
        name: project.name,
        domain_name: project.domain.name,
        user_name: token.user.name,
        roles: token.roles.map((role) => role.name),
      },
      region_name: credentials.region_name ?? null,
    };
  }, locationOf(cloud.auth.auth_url));
}

/**
 * Joins a project of a site: looks at everything, makes the credential that Uniview keeps, tries it, and only then
 * writes anything down. Whatever fails, nothing is left at the site or here.
 *
 * @returns id of the site
 * @throws Problem one sentence and a remedy
 */
export async function joinSite(
  { store, sealer }: { store: SiteStore; sealer: Sealer },
  user: Principal,
  name: string,
  cloud: CloudEntry,
): Promise<string> {
  const given = readCloud(cloud);
  const there = await store.byName(name);
  if (there && locationOf(there.auth_url) !== locationOf(given.auth_url)) throw nameTaken(name);
  const trusted = there ? { ...given, ca_pem: there.ca_pem ?? undefined } : given;

  return inTime(async (deadline) => {
    const found = await lookAt(trusted);
    if (there) await refuseOther(store, there, found, user);
    deadline.throwIfAborted();
    return withSession(found.credentials, async (session) => {
      const kept = await keepCredential(session, found, name);
      try {
        if (kept.minted) await tryOut({ ...found.credentials, auth: kept.auth });
        const site = {
          name,
          auth_url: there?.auth_url ?? given.auth_url,
          region_name: found.credentials.region_name ?? null,
          interface: cloud.interface,
          ca_pem: trusted.ca_pem ?? null,
          discovery: found.discovery,
        };
        deadline.throwIfAborted();
        return await store.join(site, projectRow(found, kept, user, sealer));
      } catch (error) {
        if (kept.minted && kept.id) await takeBack(session, found.token.user.id, kept.id, error);
        throw error;
      }
    });
  }, locationOf(given.auth_url));
}

/** Deletes what was minted; says so where even that fails. */
async function takeBack(session: Session, user_id: string, id: string, why: unknown): Promise<void> {
  try {
    await unmintCredential(await session.service("identity"), user_id, id);
  } catch {
    const told = siteProblem(why);
    const reason = told instanceof Error ? told.message : String(told);
    throw new Problem(
      told instanceof Problem ? told.slug : "internal-error",
      `${reason} The application credential ${id} that was made before could not be deleted again.`,
      { remedy: `Delete it at the site: openstack application credential delete ${id}` },
      why,
    );
  }
}

async function refuseOther(store: SiteStore, there: SiteRow, found: Found, user: Principal): Promise<void> {
  const { region_name, interface: of } = found.credentials;
  if ((region_name ?? null) !== there.region_name || of !== there.interface) throw nameTaken(there.name);
  const projects = await store.projectsOf(there.id);
  const mine = projects.find((one) => one.project_id === found.project.id && one.added_by === user.user_id);
  if (mine) throw joinedAlready(there.name, mine.project_name);
}

async function lookAt(cloud: CloudCredentials): Promise<Found> {
  const { host } = new URL(cloud.auth_url);
  const { token, region_name } = await withSession(cloud, async (session) => {
    const got = await session.token();
    const wish = { region_name: cloud.region_name, interface: cloud.interface ?? "public" };
    return { token: got, region_name: chooseRegion(got.catalog, wish, host) };
  });
  const { project } = token;
  if (!project) {
    throw new Problem("invalid-input", "The site gave a token without a project.", {
      field: "cloud.auth.project_name",
      remedy: "Give the project to work in.",
    });
  }
  const credentials = { ...cloud, region_name };
  const discovery = await withSession(credentials, discover);
  const compute = discovery.services.find((service) => service.type === "compute");
  if (compute?.state !== "ok") {
    throw new Problem(
      "site-unreachable",
      `The compute service that the catalog at ${host} names does not answer: ${compute?.problem ?? "no endpoint"}`,
      {
        service: "compute",
        remedy: "Check that its endpoint can be reached from Uniview, or choose another interface.",
      },
    );
  }
  return { token, project, credentials, discovery };
}

interface KeptCredential {
  readonly auth: CloudCredentials["auth"];
  readonly minted: boolean;
  readonly id: string | null;
  readonly note: string | null;
  readonly expires_at: string | null;
}

async function keepCredential(
  session: Session,
  { token, credentials }: Found,
  site: string,
): Promise<KeptCredential> {
  const { auth } = credentials;
  if (auth.type !== "password") {
    const id = auth.type === "application_credential" ? (auth.id ?? null) : null;
    return { auth, minted: false, id, note: null, expires_at: null };
  }
  const minted = await mintCredential(await session.service("identity"), token.user.id, site);
  if (!("forbidden" in minted)) return { ...minted, minted: true, note: null };
  const note = `The site does not let this user make application credentials: ${minted.forbidden}`;
  return { auth, minted: false, id: null, note, expires_at: null };
}

/** A credential that does not work is found out now, not when a job needs it. */
async function tryOut(credentials: CloudCredentials): Promise<void> {
  await withSession(credentials, (session) => session.token());
}

function projectRow(
  { token, project }: Found,
  kept: KeptCredential,
  user: Principal,
  sealer: Sealer,
): NewProject {
  const id = randomUUID();
  return {
    id,
    project_id: project.id,
    project_name: project.name,
    domain_name: project.domain.name,
    site_user_id: token.user.id,
    site_user_name: token.user.name,
    roles: token.roles.map((role) => role.name),
    credential_kind: kept.auth.type === "password" ? "password" : "application_credential",
    credential_minted: kept.minted,
    credential_id: kept.id,
    credential_note: kept.note,
    credential_expires_at: kept.expires_at,
    credential_sealed: sealer.seal(JSON.stringify(kept.auth), sealLabel(id)),
    added_by: user.user_id,
  };
}

async function withSession<T>(
  credentials: CloudCredentials,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = createSession(credentials, { timeout_ms: CALL_TIMEOUT_MS });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/**
 * Translates what the site did into a problem. The deadline only ends the waiting: what was begun goes on to its end
 * in the background, so that a credential made late is taken back by the same code.
 */
async function inTime<T>(work: (deadline: AbortSignal) => Promise<T>, where: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    const detail = `The site at ${where} took longer than ${JOIN_TIMEOUT_MS / 1000} s.`;
    const problem = new Problem("site-unreachable", detail, { remedy: "Try again when it answers faster." });
    deadline.abort(problem);
    late.reject(problem);
  }, JOIN_TIMEOUT_MS);
  try {
    return await Promise.race([work(deadline.signal), late.promise]);
  } catch (error) {
    throw siteProblem(error);
  } finally {
    clearTimeout(timer);
  }
}
