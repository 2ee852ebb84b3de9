import type { ResourceKind } from "@uniview/api";
import type { KnownProject, SiteService } from "../sites/service.ts";
import { createPageReader } from "./page/page-reader.ts";
import { type SiteReader, type SiteReaderDeps, startSiteReader } from "./site-reader.ts";
import { readerStates } from "./store.ts";

/** Keeps the inventory of all sites: one reader a site project, each on its own. */
export interface InventoryReader {
  /** Begins to read every project that is known, and those that are added from now on. */
  start(): Promise<void>;
  /**
   * Reads a kind of a site project now, or only one resource of it, for features that changed something there.
   * Resolves when it is written, or could not be read: the loops go on trying.
   */
  refresh(site_project_id: string, kind: ResourceKind, id?: string): Promise<void>;
  /** Looks at a server every two seconds until it settles: after an action. */
  follow(site_project_id: string, server_id: string): void;
  close(): Promise<void>;
}

export interface ReaderDeps extends Omit<SiteReaderDeps, "connect" | "pages"> {
  readonly sites: Pick<SiteService, "connect" | "listProjects" | "onProjectsChanged">;
}

/**
 * Between the beginnings of two readers: the first site has servers to show before the last one has been called, and a
 * start with many sites neither stalls the process nor calls all of them at once.
 */
const STEP_MS = 20;

/** So many begin together that there will be large pages. */
const MANY_AT_ONCE = 8;

const idsOf = (projects: readonly KnownProject[]) => projects.map(({ id }) => id);

export function createReader({ sites, ...deps }: ReaderDeps): InventoryReader {
  const readers = new Map<string, SiteReader>();
  const pages = createPageReader();
  let closed = false;

  const connect = (site_project_id: string) => sites.connect(site_project_id);

  const compare = async () => {
    const projects = await sites.listProjects();
    const added = projects.filter(({ id }) => !readers.has(id));
    const stateAtStart = await readerStates(deps.database.pool, idsOf(added));
    if (closed) return;
    if (added.length >= MANY_AT_ONCE) pages.expectLarge();
    for (const { id } of projects) readers.get(id)?.retry();
    for (const [at, project] of added.entries()) {
      const reader = startSiteReader({ ...deps, pages, connect }, project, at * STEP_MS, stateAtStart);
      readers.set(project.id, reader);
    }
    const known = new Set(idsOf(projects));
    const gone = [...readers].filter(([id]) => !known.has(id));
    for (const [id] of gone) readers.delete(id);
    await Promise.all(gone.map(([, reader]) => reader.close()));
  };

  // one comparison after the other: two at once could begin the same reader twice
  let last: Promise<void> = Promise.resolve();
  const enqueue = () => {
    last = last.then(compare).catch((error: unknown) => {
      deps.log.error({ err: error }, "the projects to read could not be listed");
    });
    return last;
  };
  let stopListening = () => {};

  return {
    async start() {
      stopListening = sites.onProjectsChanged(() => void enqueue());
      await enqueue();
    },
    async refresh(site_project_id, kind, id) {
      await readers.get(site_project_id)?.refresh(kind, id);
    },
    follow: (site_project_id, server_id) => readers.get(site_project_id)?.follow(server_id),
    async close() {
      closed = true;
      stopListening();
      await last;
      await Promise.all([...readers.values()].map((reader) => reader.close()));
      readers.clear();
      await pages.close();
    },
  };
}
