import type { ResourceKind } from "@uniview/api";
import type { SentRows } from "@uniview/openstack";
import { type Body, instant, text } from "../normalise/body.ts";
import { NORMALISE } from "../normalise/index.ts";
import type { Surroundings } from "../normalise/normalised.ts";
import { readSentBody } from "../sent-body.ts";
import { type Stored, writeDown } from "../stored.ts";

/** Statuses by which a reading of changes tells that a server is gone. */
const GONE: ReadonlySet<string | null> = new Set(["DELETED", "SOFT_DELETED"]);

/** A page as a site sent it, and what it takes to understand it. */
export interface SentPage {
  readonly kind: ResourceKind;
  readonly rows: SentRows;
  readonly around: Surroundings;
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
  readonly stored: readonly Stored[];
}

/**
 * Reads, normalises and digests the rows of a page: all of the work on it that needs no database.
 *
 * @throws SyntaxError a row is no JSON
 */
export function readRows({ kind, rows, around }: SentPage): ReadRows {
  const { bytes, places } = rows;
  const gone: string[] = [];
  // the last one of each id: a site may repeat itself
  const by_id = new Map<string, Stored>();
  let newest_ms = 0;
  for (let at = 0; at < places.length; at += 2) {
    const from = places[at] ?? 0;
    const sent = Buffer.from(bytes.buffer, bytes.byteOffset + from, (places[at + 1] ?? from) - from);
    const { body, raw_json } = readSentBody(sent);
    newest_ms = Math.max(newest_ms, changedMs(body));
    const id = text(body, "id");
    if (id !== null && GONE.has(text(body, "status"))) {
      gone.push(id);
      continue;
    }
    const row = NORMALISE[kind](body, around);
    if (!row || row.id.length > MAX_ID_CHARS) continue;
    by_id.set(row.id, writeDown(row, row.raw === body ? raw_json : undefined));
  }
  const stored = [...by_id.values()];
  return { stored, digest: { ...digestOf(stored), gone, newest_ms } };
}

/** OpenStack's own limit; what is longer comes from something else, and would not fit into an index. */
const MAX_ID_CHARS = 255;

function changedMs(body: Body): number {
  const at = instant(body, "updated");
  return at === null ? 0 : Date.parse(at);
}

export function digestOf(stored: readonly Stored[]): Pick<PageDigest, "ids" | "digests" | "changing"> {
  return {
    ids: stored.map(({ id }) => id),
    digests: stored.map(({ digest }) => digest),
    changing: stored.filter(({ changing }) => changing).map(({ id }) => id),
  };
}
