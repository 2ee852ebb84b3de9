import { draftRows, type RowsDraft } from "../draft-rows.ts";
import type { Shelf } from "../shelf.ts";
import type { Stored } from "../stored.ts";
import { digestOf, type PageDigest, type ReadRows, readRows, type SentPage } from "./read-rows.ts";

/**
 * A page that was read, in whichever thread it lies: what is to be written of it is asked for when the database has
 * told what it knows. Rows go by their places in {@link PageDigest.ids}.
 */
export interface ReadPage {
  readonly digest: PageDigest;
  /** These rows as new ones. */
  draft(shelf: Shelf, places: readonly number[], seen_at: string): Promise<RowsDraft>;
  rows(places: readonly number[]): Promise<readonly Stored[]>;
  /** Nothing more will be asked: what holds memory for it lets go. */
  letGo(): void;
}

/** Reads a page in this thread. */
export function readPageHere(page: SentPage): ReadPage {
  return pageHere(readRows(page));
}

/** A page of rows that are written down already, each id once. */
export function pageOf(stored: readonly Stored[]): ReadPage {
  return pageHere({ stored, digest: { ...digestOf(stored), gone: [], newest_ms: 0 } });
}

function pageHere({ stored, digest }: ReadRows): ReadPage {
  const chosen = (places: readonly number[]) => places.flatMap((place) => stored[place] ?? []);
  return {
    digest,
    draft: async (shelf, places, seen_at) => draftRows(shelf, chosen(places), seen_at),
    rows: async (places) => chosen(places),
    letGo() {},
  };
}
