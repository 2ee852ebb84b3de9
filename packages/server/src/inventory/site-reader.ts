import { setTimeout as delay } from "node:timers/promises";
import { Problem, type ProblemDetail, RESOURCE_KINDS, type ResourceKind } from "@uniview/api";
import { isStatus, type Session, SiteUnreachable } from "@uniview/openstack";
import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { KnownProject } from "../sites/service.ts";
import { siteProblem } from "../sites/site-problems.ts";
import type { Announce } from "./announce.ts";
import { createFollowed, MAX_FOLLOWED } from "./followed.ts";
import type { Pace } from "./intervals.ts";
import { type Loop, runLoop } from "./loop.ts";
import type { PageReader } from "./page/page-reader.ts";
import type { PageGate } from "./page-gate.ts";
import { type ReadingContext, readKind } from "./reading.ts";
import type { Shelf } from "./shelf.ts";
import { SOURCES } from "./sources.ts";
import { dropResources, failReading, finishReading, type ReaderState, readerState } from "./store.ts";
import { type StoredPage, storePage } from "./store-page.ts";
import { comeBefore, createSurroundings } from "./surroundings.ts";

export interface SiteReaderDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly gate: PageGate;
  readonly pages: PageReader;
  readonly pace: Pace;
  readonly connect: (site_project_id: string) => Promise<Session>;
  readonly announce: Announce;
}

/** Keeps what one project of one site has in the database. */
export interface SiteReader {
  /** Reads the kind now, or only this one of it. Resolves when that is written; never fails, the loops go on. */
  refresh(kind: ResourceKind, id?: string): Promise<void>;
  /** Looks at the server every two seconds until it settles. */
  follow(server_id: string): void;
  /** Something about a site changed: what failed may work now. */
  retry(): void;
  close(): Promise<void>;
}

/** How long a first reading waits for those that come before it: see {@link comeBefore}. */
const FIRST_PATIENCE_MS = 8_000;

/** How long the end waits for a site that hangs; what it answers later is no longer written. */
const CLOSE_PATIENCE_MS = 1_000;

export function startSiteReader(
  deps: SiteReaderDeps,
  project: KnownProject,
  begins_in_ms: number,
  stateAtStart: (shelf: Shelf) => ReaderState,
): SiteReader {
  const { database, log, gate, pages, pace, connect, announce } = deps;
  const db = database.kysely;
  const closing = new AbortController();
  const { signal } = closing;
  const surroundings = createSurroundings(database.pool, project);
  const followed = createFollowed(pace.follow_for_ms);
  const loops = new Map<ResourceKind, Loop>();
  /** Whose first reading has ended: nobody waits for them. */
  const had_first = new Set<ResourceKind>();
  const begun = delay(begins_in_ms, undefined, { signal, ref: false }).catch(() => {});

  const contextOf = (kind: ResourceKind, session: Session): ReadingContext => ({
    database,
    gate,
    pages,
    session,
    project,
    surroundings,
    signal,
    written: (page) => noteWritten(kind, page),
    lost: (ids) => noteLost(kind, ids),
  });

  const noteWritten = (kind: ResourceKind, { ids, changing, changed, concerns, gone }: StoredPage) => {
    if (kind === "servers") {
      followed.saw(ids, changing);
      followed.lost(gone);
    }
    announce(project, kind, [...changed, ...gone]);
    for (const id of concerns) followed.add(id);
  };

  const noteLost = (kind: ResourceKind, ids: readonly string[]) => {
    if (kind === "servers") followed.lost(ids);
    announce(project, kind, ids);
  };

  /** One reading of a kind by its loop: notes how it went, and throws when it failed. */
  const readOnce = async (kind: ResourceKind) => {
    await begun;
    await waitForFirst(comeBefore(kind));
    const shelf = { site_project_id: project.id, kind };
    const state = had_first.has(kind) ? await readerState(database.pool, shelf) : stateAtStart(shelf);
    const full_age_ms = Date.now() - Date.parse(state.last_full_at ?? "1970-01-01T00:00:00Z");
    try {
      await readKind(
        contextOf(kind, await connect(project.id)),
        kind,
        state,
        full_age_ms >= pace.full_every_ms,
      );
      if (state.failing || state.as_of === null) announce(project, kind, null);
    } catch (error) {
      if (signal.aborted || isMissingRow(error)) return;
      if (lacksService(error)) return await noteNothing(kind);
      log.debug({ site: project.site, project: project.project_name, kind, err: error }, "a reading failed");
      await failReading(db, shelf, problemOf(error, project.site)).catch(ignoreMissingRow);
      if (!state.failing) announce(project, kind, null);
      throw error;
    }
  };

  /** A site without this service has nothing of this kind, which is no failure. */
  const noteNothing = async (kind: ResourceKind) => {
    const finished = { began_at: new Date().toISOString(), duration_ms: 0, changes_since: null, all_ids: [] };
    const gone = await finishReading(db, { site_project_id: project.id, kind }, finished);
    if (gone.length > 0) announce(project, kind, gone);
  };

  const waitForFirst = async (kinds: readonly ResourceKind[]) => {
    const awaited = kinds.filter((kind) => !had_first.has(kind));
    if (awaited.length === 0) return;
    const firsts = Promise.all(awaited.map((kind) => loops.get(kind)?.first));
    const patience = AbortSignal.any([signal, AbortSignal.timeout(FIRST_PATIENCE_MS)]);
    await Promise.race([firsts, aborted(patience)]);
  };

  const readOne = async (kind: ResourceKind, id: string) => {
    const shelf = { site_project_id: project.id, kind };
    const seen_at = new Date().toISOString();
    try {
      const rows = await SOURCES[kind].one(await connect(project.id), id);
      const around = await surroundings.read(kind);
      const page = await storePage({ database, pages, project }, { kind, rows, around }, seen_at);
      noteWritten(kind, page);
      // it is there, but no longer this project's
      if (page.ids.length === 0) noteLost(kind, await dropResources(db, shelf, [id]));
    } catch (error) {
      if (isStatus(error, 404)) {
        noteLost(kind, await dropResources(db, shelf, [id]));
        if (kind === "servers") followed.lost([id]);
      } else if (!isMissingRow(error)) {
        log.debug({ site: project.site, kind, id, err: error }, "a resource could not be read");
      }
    }
  };

  const lookAtFollowed = async () => {
    const due = followed.due();
    if (due.length > MAX_FOLLOWED) await loops.get("servers")?.now();
    else await Promise.all(due.map((id) => readOne("servers", id)));
  };

  const { backoff_min_ms, backoff_max_ms } = pace;
  for (const kind of RESOURCE_KINDS) {
    const every_ms = pace.intervals_ms[kind];
    const loop = runLoop({ work: () => readOnce(kind), every_ms, backoff_min_ms, backoff_max_ms, signal });
    loops.set(kind, loop);
    void loop.first.then(() => had_first.add(kind));
  }
  const every_ms = pace.follow_ms;
  const following = runLoop({
    work: lookAtFollowed,
    every_ms,
    backoff_min_ms: every_ms,
    backoff_max_ms: every_ms,
    signal,
  });

  return {
    refresh: async (kind, id) => (id === undefined ? loops.get(kind)?.now() : readOne(kind, id)),
    follow(server_id) {
      followed.add(server_id);
      void following.now();
    },
    retry() {
      for (const loop of loops.values()) loop.retry();
    },
    async close() {
      closing.abort();
      const ended = Promise.all([following.ended, ...[...loops.values()].map((loop) => loop.ended)]);
      await Promise.race([ended, aborted(AbortSignal.timeout(CLOSE_PATIENCE_MS))]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function problemOf(error: unknown, site: string): ProblemDetail {
  const problem = siteProblem(error, site);
  if (problem instanceof Problem) return problem.toJSON();
  return new Problem("internal-error", "Uniview failed to read the inventory.", { site }).toJSON();
}

const FOREIGN_KEY_VIOLATION = "23503";

/** The project was removed while it was being read: its rows have nothing to hang on. */
function isMissingRow(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === FOREIGN_KEY_VIOLATION;
}

function ignoreMissingRow(error: unknown): void {
  if (!isMissingRow(error)) throw error;
}

function lacksService(error: unknown): boolean {
  return error instanceof SiteUnreachable && error.kind === "no_endpoint";
}
