import type { ResourceKind } from "@uniview/api";
import type { Session } from "@uniview/openstack";
import type { Database } from "../db/database.ts";
import type { KnownProject } from "../sites/service.ts";
import { type Body, instant, text } from "./normalise/body.ts";
import { NORMALISE } from "./normalise/index.ts";
import type { PageGate } from "./page-gate.ts";
import { putResources } from "./put-resources.ts";
import { renewBlocks } from "./renew-blocks.ts";
import { SOURCES } from "./sources.ts";
import { dropResources, finishReading, type ReaderState } from "./store.ts";
import { type Kept, type Stored, writeDown } from "./stored.ts";
import { readSurroundings } from "./surroundings.ts";

/** Statuses by which a reading of changes tells that a server is gone. */
const GONE: ReadonlySet<string | null> = new Set(["DELETED", "SOFT_DELETED"]);
/** How far a reading of changes reaches back before the newest change seen: what was under way then comes again. */
const OVERLAP_MS = 60_000;
/** And how far before its own beginning at most, so that a quiet site does not send its last busy minute for ever. */
const REACH_BACK_MS = 300_000;

export interface ReadingContext {
  readonly database: Pick<Database, "kysely" | "pool">;
  readonly gate: PageGate;
  readonly session: Session;
  readonly project: KnownProject;
  readonly signal: AbortSignal;
  /** Told of each page when it is written. */
  readonly written: (page: WrittenPage) => void;
}

export interface WrittenPage {
  /** All rows of the page. */
  readonly rows: readonly Kept[];
  /** Those of them that are new or different. */
  readonly changed: readonly Kept[];
  readonly gone: readonly string[];
}

interface ReadPage {
  readonly stored: readonly Stored[];
  readonly gone: readonly string[];
}

/**
 * Reads one kind of a site project: everything, or only what changed where the site can tell and `everything` is
 * false. Writes page by page, so that memory does not grow with the site and the first page shows at once.
 */
export async function readKind(
  context: ReadingContext,
  kind: ResourceKind,
  state: ReaderState,
  everything: boolean,
): Promise<void> {
  const { database, gate, session, project, signal, written } = context;
  const db = database.kysely;
  const began = Date.now();
  const began_at = new Date(began).toISOString();
  const shelf = { site_project_id: project.id, kind };
  const changes_since =
    everything || !SOURCES[kind].tells_changes ? undefined : (state.changes_since ?? undefined);
  const around = await readSurroundings(db, project, kind);
  const all_ids: string[] = [];
  let newest_ms = state.changes_since ? Date.parse(state.changes_since) + OVERLAP_MS : 0;

  const pages = await SOURCES[kind].pages(session, { changes_since, signal });
  /** Bodies become text at once, and nothing holds them any longer: they are most of the memory that a page takes. */
  const writeDownAll = (bodies: readonly Body[]): ReadPage => {
    const gone: string[] = [];
    const stored: Stored[] = [];
    for (const body of bodies) {
      newest_ms = Math.max(newest_ms, Date.parse(instant(body, "updated") ?? "") || 0);
      const id = text(body, "id");
      if (GONE.has(text(body, "status")) && id !== null) gone.push(id);
      else {
        const row = NORMALISE[kind](body, around);
        if (row) stored.push(writeDown(row));
      }
    }
    return { stored, gone };
  };
  const readPage = async () => {
    const next = await pages.next();
    // emptied, because the generator of the pages knows the array, too
    return next.done ? undefined : writeDownAll(next.value.splice(0) as Body[]);
  };
  const keepPage = async (page: ReadPage | undefined) => {
    if (!page) return false;
    for (const { id } of page.stored) all_ids.push(id);
    const changed = await putResources(database.pool, shelf, page.stored, began_at);
    const rows = page.stored.map(({ row }) => row);
    written({ rows, changed, gone: await dropResources(db, shelf, page.gone) });
    return true;
  };
  try {
    while (await gate.pass(project.site_id, readPage, keepPage)) signal.throwIfAborted();
  } finally {
    await pages.return();
  }

  const duration_ms = Date.now() - began;
  const gone = await finishReading(db, shelf, {
    began_at,
    duration_ms,
    changes_since: SOURCES[kind].tells_changes ? nextSince(began, newest_ms, duration_ms) : null,
    ...(changes_since === undefined ? { all_ids } : {}),
  });
  written({ rows: [], changed: [], gone });
  if (changes_since === undefined) await renewBlocks(database.pool, shelf);
}

/**
 * In the site's clock where it told a time: the newest change seen, less the time that the reading took, for a page
 * read early does not have what changed meanwhile.
 */
function nextSince(began: number, newest_ms: number, duration_ms: number): string {
  const since = Math.max(newest_ms - OVERLAP_MS - duration_ms, began - REACH_BACK_MS);
  return new Date(since).toISOString();
}
