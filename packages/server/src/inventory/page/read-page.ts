import { type ChangesDraft, draftChanges } from "../draft-changes.ts";
import { draftRows, type RowsDraft } from "../draft-rows.ts";
import type { Shelf } from "../shelf.ts";
import type { WrittenRow, WrittenRows } from "../written-rows.ts";
import { type PageDigest, readRows, type SentPage } from "./read-rows.ts";

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
  /** These rows as they are now. */
  changes(places: readonly number[]): Promise<ChangesDraft>;
  /** What normalising found in them. */
  facts(places: readonly number[]): Promise<readonly unknown[]>;
  /** Nothing more will be asked: what holds memory for it lets go. */
  letGo(): void;
}

/** Reads a page in this thread, and takes its memory. @throws SyntaxError a row is no JSON */
export function readPageHere(page: SentPage): ReadPage {
  const { as_new } = page;
  const { digest, written, rows } = readRows(page);
  const is_new = as_new && rows.length > 0;
  const all_new = is_new ? draftRows(as_new.shelf, written, rows, as_new.seen_at) : undefined;
  const drafted = all_new ? [all_new.rows, all_new.blocks] : [];
  return pageOf(digest, written, rows, all_new, [page.rows.bytes, written.bytes, ...drafted]);
}

/**
 * @param rows by place, each id once
 * @param memory to let go of with it
 */
export function pageOf(
  digest: PageDigest,
  written: WrittenRows,
  rows: readonly WrittenRow[],
  all_new: RowsDraft | undefined,
  memory: readonly Uint8Array[],
): ReadPage {
  const chosen = (places: readonly number[]) => places.flatMap((place) => rows[place] ?? []);
  return {
    digest,
    all_new,
    draft: async (shelf, places, seen_at) => draftRows(shelf, written, chosen(places), seen_at),
    changes: async (places) => draftChanges(written, chosen(places)),
    facts: async (places) => chosen(places).map((row) => written.facts(row)),
    letGo() {
      for (const part of memory) release(part);
    },
  };
}

/** Gives memory back at once: pages come faster than garbage is collected. Whoever holds a view of it sees nothing. */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
