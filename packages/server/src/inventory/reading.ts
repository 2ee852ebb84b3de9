import type { ResourceKind } from "@uniview/api";
import type { SentRows, Session } from "@uniview/openstack";
import type { Database } from "../db/database.ts";
import type { KnownProject } from "../sites/service.ts";
import type { PageReader } from "./page/page-reader.ts";
import type { PageGate } from "./page-gate.ts";
import { renewBlocks } from "./renew-blocks.ts";
import { SOURCES } from "./sources.ts";
import { finishReading, type ReaderState } from "./store.ts";
import { type StoredPage, storeChanges, storePage } from "./store-page.ts";
import type { SurroundingsReader } from "./surroundings.ts";

/** How far a reading of changes reaches back before the newest change seen: what was under way then comes again. */
const OVERLAP_MS = 60_000;
/** And how far before its own beginning at most, so that a quiet site does not send its last busy minute for ever. */
const REACH_BACK_MS = 300_000;

export interface ReadingContext {
  readonly database: Pick<Database, "kysely" | "pool">;
  readonly gate: PageGate;
  readonly pages: PageReader;
  readonly session: Session;
  readonly project: KnownProject;
  readonly surroundings: SurroundingsReader;
  readonly signal: AbortSignal;
  /** Told of each page when it is written. */
  readonly written: (page: StoredPage) => void;
  /** Told which rows a reading of everything no longer found. */
  readonly lost: (ids: readonly string[]) => void;
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
  const { database, gate, session, project, surroundings, signal, written, lost } = context;
  const db = database.kysely;
  const began = Date.now();
  const began_at = new Date(began).toISOString();
  const shelf = { site_project_id: project.id, kind };
  const changes_since =
    everything || !SOURCES[kind].tells_changes ? undefined : (state.changes_since ?? undefined);
  const around = await surroundings.read(kind, state.around_version);
  const as_new = state.as_of === null ? { shelf, seen_at: began_at } : undefined;
  const all_ids: string[] = [];
  let newest_ms = state.changes_since ? Date.parse(state.changes_since) + OVERLAP_MS : 0;

  const sent_pages = await SOURCES[kind].pages(session, { changes_since, signal });
  const keepPage = async ({ done, value: rows }: IteratorResult<SentRows, void>) => {
    if (done) return false;
    const store = changes_since === undefined ? storePage : storeChanges;
    const page = await store(context, { kind, rows, around, as_new }, began_at);
    for (const id of page.ids) all_ids.push(id);
    newest_ms = Math.max(newest_ms, page.newest_ms);
    written(page);
    return true;
  };
  try {
    while (await gate.pass(project.site_id, () => sent_pages.next(), keepPage)) signal.throwIfAborted();
  } finally {
    await sent_pages.return();
  }

  const duration_ms = Date.now() - began;
  const gone = await finishReading(db, shelf, {
    began_at,
    duration_ms,
    changes_since: SOURCES[kind].tells_changes ? nextSince(began, newest_ms, duration_ms) : null,
    ...(changes_since === undefined ? { all_ids, is_first: as_new !== undefined } : {}),
  });
  lost(gone);
  // what was just written for the first time is not worn
  if (changes_since === undefined && !as_new) await renewBlocks(database.pool, shelf);
}

/**
 * In the site's clock where it told a time: the newest change seen, less the time that the reading took, for a page
 * read early does not have what changed meanwhile.
 */
function nextSince(began: number, newest_ms: number, duration_ms: number): string {
  const since = Math.max(newest_ms - OVERLAP_MS - duration_ms, began - REACH_BACK_MS);
  return new Date(since).toISOString();
}
