import type { ResourceKind } from "@uniview/api";
import type { Session } from "@uniview/openstack";
import type { Database } from "../db/database.ts";
import type { KnownProject } from "../sites/service.ts";
import type { Surroundings } from "./normalise/normalised.ts";
import type { PageReader } from "./page/page-reader.ts";
import type { PageDigest } from "./page/read-rows.ts";
import type { PageGate } from "./page-gate.ts";
import { renewBlocks } from "./renew-blocks.ts";
import { type SentPageRows, type SentPages, SOURCES } from "./sources.ts";
import { type EndedReading, finishReading, type ReaderState } from "./store.ts";
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

/** A reading that was begun. */
interface Reading extends ReadingContext {
  readonly kind: ResourceKind;
  readonly around: Surroundings;
  readonly sent_pages: SentPages;
  /** Nothing of the kind was read before. */
  readonly is_first: boolean;
  readonly began_at: string;
  /** What is noted when it ends now. @param newest_ms of its last page; see `PageDigest` */
  ended(newest_ms: number): EndedReading;
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
  const { session, surroundings, signal } = context;
  const { tells_changes, pages } = SOURCES[kind];
  const began = Date.now();
  const began_at = new Date(began).toISOString();
  const changes_since = everything || !tells_changes ? undefined : (state.changes_since ?? undefined);
  const around = await surroundings.read(kind, state.around_version);
  const sent_pages = await pages(session, { changes_since, signal });
  let newest = state.changes_since ? Date.parse(state.changes_since) + OVERLAP_MS : 0;
  const ended = (newest_ms: number) => {
    newest = Math.max(newest, newest_ms);
    const duration_ms = Date.now() - began;
    return {
      began_at,
      duration_ms,
      changes_since: tells_changes ? nextSince(began, newest, duration_ms) : null,
    };
  };
  const read = changes_since === undefined ? readEverything : readChanges;
  await read({ ...context, kind, around, sent_pages, is_first: state.as_of === null, began_at, ended });
}

async function readEverything(reading: Reading): Promise<void> {
  const { database, project, kind, around, is_first, began_at, written, lost } = reading;
  const shelf = { site_project_id: project.id, kind };
  const as_new = is_first ? { shelf, seen_at: began_at } : undefined;
  const all_ids: string[] = [];
  let newest_ms = 0;
  let is_noted = false;
  await turnPages(reading, async (rows) => {
    const endsWith = (last: PageDigest) => ({
      ...reading.ended(Math.max(newest_ms, last.newest_ms)),
      all_ids: [...all_ids, ...last.ids],
    });
    const ends_here = is_first && rows.is_last;
    const sent = { kind, rows, around, as_new };
    const page = await storePage(reading, sent, began_at, ends_here ? endsWith : undefined);
    for (const id of page.ids) all_ids.push(id);
    newest_ms = Math.max(newest_ms, page.newest_ms);
    is_noted = page.end_is_noted;
    written(page);
  });
  if (!is_noted) {
    lost(await finishReading(database.kysely, shelf, { ...reading.ended(newest_ms), all_ids, is_first }));
  }
  // what was just written for the first time is not worn
  if (!is_first) await renewBlocks(database.pool, shelf);
}

async function readChanges(reading: Reading): Promise<void> {
  const { database, project, kind, around, began_at, written } = reading;
  let newest_ms = 0;
  let is_noted = false;
  await turnPages(reading, async (rows) => {
    const endsWith = (newest_in_page_ms: number) => reading.ended(Math.max(newest_ms, newest_in_page_ms));
    const page = await storeChanges(
      reading,
      { kind, rows, around },
      began_at,
      rows.is_last ? endsWith : undefined,
    );
    newest_ms = Math.max(newest_ms, page.newest_ms);
    is_noted = page.end_is_noted;
    written(page);
  });
  const shelf = { site_project_id: project.id, kind };
  if (!is_noted) await finishReading(database.kysely, shelf, reading.ended(newest_ms));
}

/** Fetches page after page, each when there is room for it. */
async function turnPages(
  { gate, project, kind, is_first, signal, sent_pages }: Reading,
  keep: (page: SentPageRows) => Promise<void>,
): Promise<void> {
  const keepPage = async ({ done, value: page }: IteratorResult<SentPageRows, void>) => {
    if (done) return false;
    await keep(page);
    return page.is_last !== true;
  };
  // of a site that is new, servers show before anything else does
  const urgent = is_first && kind === "servers";
  const nextPage = () => gate.pass(project.site_id, () => sent_pages.next(), keepPage, urgent);
  try {
    while (await nextPage()) signal.throwIfAborted();
  } finally {
    await sent_pages.return();
  }
}

/**
 * In the site's clock where it told a time: the newest change seen, less the time that the reading took, for a page
 * read early does not have what changed meanwhile.
 */
function nextSince(began: number, newest_ms: number, duration_ms: number): string {
  const since = Math.max(newest_ms - OVERLAP_MS - duration_ms, began - REACH_BACK_MS);
  return new Date(since).toISOString();
}
