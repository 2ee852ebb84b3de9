import { type ChangesDraft, draftChanges } from "../draft-changes.ts";
import { release } from "./read-page.ts";
import { type PageDigest, readRows, type SentPage } from "./read-rows.ts";

/** A page of few rows, most of which are different from what is there: all that is to be written of it. */
export interface ReadChanges {
  readonly digest: Omit<PageDigest, "digests">;
  /** undefined: nothing. */
  readonly draft: ChangesDraft | undefined;
}

/** Reads such a page in this thread, and lets go of it. @throws SyntaxError a row is no JSON */
export function readChangesHere(page: SentPage): ReadChanges {
  const { written, rows, digest } = readRows(page);
  const { digests: _compared_by_the_database, ...told } = digest;
  const draft = rows.length > 0 ? draftChanges(written, rows) : undefined;
  release(page.rows.bytes);
  release(written.bytes);
  return { digest: told, draft };
}
