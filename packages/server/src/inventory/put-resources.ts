import type pg from "pg";
import { inUnsyncedTransaction } from "../db/unsynced-transaction.ts";
import { addRows, addRowsApart } from "./add-rows.ts";
import { isMeeting, pastMeetings } from "./meeting.ts";
import type { ReadPage } from "./page/read-page.ts";
import { CHANGES_AT_ONCE, putChanges } from "./put-changes.ts";
import type { Shelf } from "./shelf.ts";

/**
 * Writes a page whose rows were expected to be new.
 *
 * @param note a statement that goes with them
 * @returns false where they were not, or some were there nevertheless: then nothing was written
 */
export async function addPage(pool: pg.Pool, { all_new }: ReadPage, note?: string): Promise<boolean> {
  if (!all_new) return false;
  try {
    await addRowsApart(pool, all_new, note);
    return true;
  } catch (error) {
    if (!isMeeting(error)) throw error;
    return false;
  }
}

/**
 * Writes what differs from what is there.
 *
 * Readings overlap (a whole list, its changes, one server), so each carries when its request began, and an older
 * answer never overwrites a newer one.
 *
 * @returns the places of rows that are new or different
 */
export async function putResources(
  pool: pg.Pool,
  shelf: Shelf,
  page: ReadPage,
  seen_at: string,
): Promise<number[]> {
  if (page.digest.ids.length === 0) return [];
  return pastMeetings(() => put(pool, shelf, page, seen_at));
}

async function put(pool: pg.Pool, shelf: Shelf, page: ReadPage, seen_at: string): Promise<number[]> {
  const { ids, digests } = page.digest;
  const known = await digestsOf(pool, shelf, ids);
  const fresh: number[] = [];
  const different: number[] = [];
  for (const [place, id] of ids.entries()) {
    const digest = known.get(id);
    if (digest === undefined) fresh.push(place);
    else if (digest !== digests[place]) different.push(place);
  }
  if (fresh.length + different.length === 0) return [];
  const draft = fresh.length > 0 ? await page.draft(shelf, fresh, seen_at) : undefined;
  return inUnsyncedTransaction(pool, async (client) => {
    if (draft) await addRows(client, draft);
    const updated = new Set<string>();
    for (let at = 0; at < different.length; at += CHANGES_AT_ONCE) {
      const changes = await page.changes(different.slice(at, at + CHANGES_AT_ONCE));
      for (const id of await putChanges(client, shelf, changes, seen_at)) updated.add(id);
    }
    return [...fresh, ...different.filter((place) => updated.has(ids[place] ?? ""))];
  });
}

/** Not prepared: a plan made while the table was empty would go through all of it from then on. */
async function digestsOf(
  pool: pg.Pool,
  { site_project_id, kind }: Shelf,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; digest: string }>({
    text: "select id, digest from resources where site_project_id = $1 and kind = $2 and id = any($3)",
    values: [site_project_id, kind, ids],
  });
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}
