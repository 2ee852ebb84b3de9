import { draftRows, type RowsDraft } from "../draft-rows.ts";
import type { Shelf } from "../shelf.ts";
import type { Stored } from "../stored.ts";
import { digestOf, type PageDigest, readRows, readRowsAgain, type SentPage } from "./read-rows.ts";

/**
 * A page that was read, in whichever thread it lies: what is to be written of it is asked for when the database has
 * told what it knows. Rows go by their places in {@link PageDigest.ids}.
 */
export interface ReadPage {
  readonly digest: PageDigest;
  /** All rows as new ones, where they were expected to be. */
  readonly all_new: RowsDraft | undefined;
  /** These rows as new ones. */
  draft(shelf: Shelf, places: readonly number[], seen_at: string): Promise<RowsDraft>;
  rows(places: readonly number[]): Promise<readonly Stored[]>;
  /** Nothing more will be asked: what holds memory for it lets go. */
  letGo(): void;
}

/** Reads a page in this thread. Only its bytes are kept: objects would be moved by the collector of garbage. */
export function readPageHere(page: SentPage): ReadPage {
  const { digest, stored, numbers } = readRows(page);
  const { as_new } = page;
  const all_new = as_new && stored.length > 0 ? draftRows(as_new.shelf, stored, as_new.seen_at) : undefined;
  const again = (places: readonly number[]) =>
    readRowsAgain(
      page,
      places.flatMap((place) => numbers[place] ?? []),
    );
  return pageHere(digest, all_new, again, [
    page.rows.bytes,
    ...(all_new ? [all_new.rows, all_new.blocks] : []),
  ]);
}

/** A page of rows that are written down already, each id once. */
export function pageOf(stored: readonly Stored[]): ReadPage {
  const digest = { ...digestOf(stored), gone: [], newest_ms: 0 };
  return pageHere(digest, undefined, (places) => places.flatMap((place) => stored[place] ?? []), []);
}

function pageHere(
  digest: PageDigest,
  all_new: RowsDraft | undefined,
  chosen: (places: readonly number[]) => Stored[],
  memory: readonly Uint8Array[],
): ReadPage {
  return {
    digest,
    all_new,
    draft: async (shelf, places, seen_at) => draftRows(shelf, chosen(places), seen_at),
    rows: async (places) => chosen(places),
    letGo: () => memory.forEach(release),
  };
}

/** Gives memory back at once: pages come faster than garbage is collected. Whoever holds a view of it sees nothing. */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
