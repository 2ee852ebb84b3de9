import type { Port, ResourceKind, Volume } from "@uniview/api";
import { SiteUnreachable } from "@uniview/openstack";
import type { Database } from "../db/database.ts";
import type { KnownProject } from "../sites/service.ts";
import { MAX_FOLLOWED } from "./followed.ts";
import { pastMeetings } from "./meeting.ts";
import type { FactsOf } from "./normalise/normalised.ts";
import type { PageReader } from "./page/page-reader.ts";
import type { ReadPage } from "./page/read-page.ts";
import type { PageDigest, SentPage } from "./page/read-rows.ts";
import { CHANGES_AT_ONCE, putChanges } from "./put-changes.ts";
import { addPage, putResources } from "./put-resources.ts";
import { dropResources, type EndedReading, noteOfFirst } from "./store.ts";

/** What has become of a page. */
export interface StoredPage extends Omit<PageDigest, "digests"> {
  /** Ids of rows that are new or different. */
  readonly changed: readonly string[];
  /** Ids of servers that may have changed with them, though their site does not say so. */
  readonly concerns: readonly string[];
  /** How the reading ended was noted with it. */
  readonly end_is_noted: boolean;
}

/** What to note of a reading that ends with a page, by what the page tells. */
export type EndsWith = (digest: PageDigest) => EndedReading & { readonly all_ids: readonly string[] };

interface Desk {
  readonly database: Pick<Database, "kysely" | "pool">;
  readonly pages: PageReader;
  readonly project: KnownProject;
}

/**
 * Reads a page and writes what differs from what is there.
 *
 * @param seen_at when the request began that brought it
 * @param endsWith of a first reading that ends with it: then nothing that was there before can be gone
 * @throws SiteUnreachable `not_openstack`: it is no JSON
 */
export async function storePage(
  desk: Desk,
  sent: SentPage,
  seen_at: string,
  endsWith?: EndsWith,
): Promise<StoredPage> {
  const { database, project } = desk;
  const { kind } = sent;
  const shelf = { site_project_id: project.id, kind };
  const page = await orNotJson(desk, sent, desk.pages.read(sent));
  try {
    const { digest } = page;
    const ended = endsWith?.(digest);
    const is_added = await addPage(database.pool, page, ended && noteOfFirst(shelf, ended, ended.all_ids));
    const places = is_added
      ? digest.ids.map((_, place) => place)
      : await putResources(database.pool, shelf, page, seen_at);
    const gone = await dropResources(database.kysely, shelf, digest.gone);
    const changed = places.flatMap((place) => digest.ids[place] ?? []);
    const end_is_noted = is_added && ended !== undefined;
    return { ...digest, gone, changed, concerns: await serversConcerned(kind, page, places), end_is_noted };
  } finally {
    page.letGo();
  }
}

/**
 * Does the same to a page of which most is expected to be different, of a kind that concerns no other: by one statement
 * that compares and writes. A page of many rows is compared first nevertheless.
 *
 * @param endsWith what to note of a reading that ends with it, by the page's `newest_ms`; undefined: others may follow
 */
export async function storeChanges(
  desk: Desk,
  sent: SentPage,
  seen_at: string,
  endsWith: ((newest_ms: number) => EndedReading) | undefined,
): Promise<StoredPage> {
  if (sent.rows.places.length / 2 > CHANGES_AT_ONCE) return storePage(desk, sent, seen_at);
  const { database, pages, project } = desk;
  const shelf = { site_project_id: project.id, kind: sent.kind };
  const { digest, draft } = await orNotJson(desk, sent, pages.readChanges(sent));
  const gone = await dropResources(database.kysely, shelf, digest.gone);
  if (!draft) return { ...digest, gone, changed: [], concerns: [], end_is_noted: false };
  const ended = endsWith?.(digest.newest_ms);
  const put = () => putChanges(database.pool, shelf, draft, seen_at, ended);
  const changed = await pastMeetings(put);
  return { ...digest, gone, changed, concerns: [], end_is_noted: ended !== undefined };
}

async function orNotJson<Read>({ project }: Desk, { kind }: SentPage, reading: Promise<Read>): Promise<Read> {
  try {
    return await reading;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const message = `${project.site} sent ${kind} that are not JSON. Check the URL.`;
    throw new SiteUnreachable("not_openstack", project.site, message, { cause });
  }
}

/** Nova does not date a server anew when a port or a volume comes or goes, so no reading of changes tells of it. */
async function serversConcerned(
  kind: ResourceKind,
  page: ReadPage,
  places: readonly number[],
): Promise<string[]> {
  if (kind !== "ports" && kind !== "volumes") return [];
  if (places.length > MAX_FOLLOWED) return []; // the first reading, or a day when everything changes
  return (await page.facts(places)).flatMap((facts) => serversOf(kind, facts));
}

function serversOf(kind: "ports" | "volumes", facts: unknown): readonly string[] {
  if (kind === "volumes") {
    return (facts as FactsOf<Volume>).attached_to.map(({ server_id }) => server_id);
  }
  const { device_id, device_owner } = facts as FactsOf<Port>;
  return device_id && device_owner?.startsWith("compute:") ? [device_id] : [];
}
