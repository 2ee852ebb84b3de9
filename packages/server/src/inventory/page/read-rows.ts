import type { ResourceKind } from "@uniview/api";
import type { SentRows } from "@uniview/openstack";
import { instant, text } from "../normalise/body.ts";
import { NORMALISE } from "../normalise/index.ts";
import type { Surroundings } from "../normalise/normalised.ts";
import { readSentBody, type SentBody } from "../sent-body.ts";
import { isGone } from "../server-status.ts";
import type { Shelf } from "../shelf.ts";
import { MAX_ID_CHARS, type Stored, writeDown } from "../stored.ts";
import { ServerTranscriber } from "../transcribe/server-transcriber.ts";
import { type WrittenRow, WrittenRows } from "../written-rows.ts";

/** A page as a site sent it, and what it takes to understand it. */
export interface SentPage {
  readonly kind: ResourceKind;
  readonly rows: SentRows;
  readonly around: Surroundings;
  /** Nothing of the kind is known yet: all rows will be written as new ones. */
  readonly as_new?: { readonly shelf: Shelf; readonly seen_at: string } | undefined;
}

/** What a page tells at a glance. Strings only: they cross from one thread to another. */
export interface PageDigest {
  /** Of the rows that can be stored, each once, in the order of their places. */
  readonly ids: readonly string[];
  /** Of the same rows; see `resources.digest`. */
  readonly digests: readonly string[];
  /** Ids of servers among them that are on their way from one state to another. */
  readonly changing: readonly string[];
  /** Ids of servers that the site says are deleted. */
  readonly gone: readonly string[];
  /** When the newest of them changed, in the site's clock; 0: it tells of none. */
  readonly newest_ms: number;
}

export interface ReadRows {
  readonly digest: PageDigest;
  readonly written: WrittenRows;
  /** By place. */
  readonly rows: readonly WrittenRow[];
}

/**
 * Reads, normalises and digests the rows of a page: all of the work on it that needs no database.
 *
 * @throws SyntaxError a row is no JSON
 */
export function readRows(page: SentPage): ReadRows {
  const gone: string[] = [];
  const { bytes, places, fields } = page.rows;
  const count = places.length / 2;
  const written = new WrittenRows(count);
  const transcriber =
    page.kind === "servers" && fields ? new ServerTranscriber(bytes, fields, page.around) : undefined;
  let newest_ms = 0;
  for (let row = 0; row < count; row += 1) {
    const [from, to] = [places[2 * row] ?? 0, places[2 * row + 1] ?? 0];
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
    if (transcriber?.transcribe(raw, row, written)) {
      newest_ms = Math.max(newest_ms, transcriber.updated_ms);
      continue;
    }
    const sent = readSentBody(raw);
    newest_ms = Math.max(newest_ms, Date.parse(instant(sent.body, "updated") ?? "1970-01-01T00:00:00Z"));
    const id = text(sent.body, "id");
    if (id !== null && isGone(text(sent.body, "status"))) {
      gone.push(id);
      continue;
    }
    const stored = storedOf(page, sent);
    if (stored) written.add(stored);
  }
  const rows = lastOfEach(written.rows);
  const digest = { ...digestOf(rows), gone, newest_ms };
  return { digest, written, rows };
}

/** By id: a site may repeat itself. */
function lastOfEach(rows: readonly WrittenRow[]): readonly WrittenRow[] {
  const by_id = new Map(rows.map((row) => [row.id, row]));
  return by_id.size === rows.length ? rows : [...by_id.values()];
}

function storedOf({ kind, around }: SentPage, { body, raw_json }: SentBody): Stored | undefined {
  const row = NORMALISE[kind](body, around);
  if (!row || row.id.length > MAX_ID_CHARS) return undefined;
  return writeDown(row, row.raw === body ? raw_json : undefined);
}

export function digestOf(rows: readonly WrittenRow[]): Pick<PageDigest, "ids" | "digests" | "changing"> {
  return {
    ids: rows.map(({ id }) => id),
    digests: rows.map(({ digest }) => digest),
    changing: rows.filter(({ changing }) => changing).map(({ id }) => id),
  };
}
