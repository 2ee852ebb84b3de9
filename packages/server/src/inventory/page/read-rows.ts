import type { ResourceKind } from "@uniview/api";
import type { SentRows } from "@uniview/openstack";
import { instant, text } from "../normalise/body.ts";
import { NORMALISE } from "../normalise/index.ts";
import type { Surroundings } from "../normalise/normalised.ts";
import { readSentBody, type SentBody } from "../sent-body.ts";
import type { Shelf } from "../shelf.ts";
import { type Stored, writeDown } from "../stored.ts";
import { type WrittenRow, WrittenRows } from "../written-rows.ts";

/** Statuses by which a reading of changes tells that a server is gone. */
const GONE: ReadonlySet<string | null> = new Set(["DELETED", "SOFT_DELETED"]);

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
  const written = new WrittenRows(page.rows.places.length / 2);
  let newest = "";
  for (let number = 0; number < page.rows.places.length / 2; number += 1) {
    const sent = sentBody(page, number);
    const changed_at = instant(sent.body, "updated") ?? "";
    if (changed_at > newest) newest = changed_at;
    const id = text(sent.body, "id");
    if (id !== null && GONE.has(text(sent.body, "status"))) {
      gone.push(id);
      continue;
    }
    const stored = storedOf(page, sent);
    if (stored) written.add(stored);
  }
  const rows = lastOfEach(written.rows);
  const digest = { ...digestOf(rows), gone, newest_ms: newest === "" ? 0 : Date.parse(newest) };
  return { digest, written, rows };
}

/** By id: a site may repeat itself. */
function lastOfEach(rows: readonly WrittenRow[]): readonly WrittenRow[] {
  const by_id = new Map(rows.map((row) => [row.id, row]));
  return by_id.size === rows.length ? rows : [...by_id.values()];
}

function sentBody({ rows: { bytes, places } }: SentPage, number: number): SentBody {
  const from = places[2 * number] ?? 0;
  const to = places[2 * number + 1] ?? from;
  return readSentBody(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from));
}

function storedOf({ kind, around }: SentPage, { body, raw_json }: SentBody): Stored | undefined {
  const row = NORMALISE[kind](body, around);
  if (!row || row.id.length > MAX_ID_CHARS) return undefined;
  return writeDown(row, row.raw === body ? raw_json : undefined);
}

/** OpenStack's own limit; what is longer comes from something else, and would not fit into an index. */
const MAX_ID_CHARS = 255;

export function digestOf(rows: readonly WrittenRow[]): Pick<PageDigest, "ids" | "digests" | "changing"> {
  return {
    ids: rows.map(({ id }) => id),
    digests: rows.map(({ digest }) => digest),
    changing: rows.filter(({ changing }) => changing).map(({ id }) => id),
  };
}
