import { hash } from "node:crypto";
import type { ProblemDetail, ResourceKind } from "@uniview/api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../db/tables.ts";
import type { Normalised } from "./normalise/normalised.ts";

/** Rows of one statement: small enough that neither the event loop nor a lock is held for long. */
const ROWS_A_STATEMENT = 250;
/** OpenStack's own limits; what is longer comes from something else, and would not fit into an index. */
const MAX_ID_CHARS = 255;
const MAX_NAME_CHARS = 255;
const DIGEST_CHARS = 22; // of SHA-256 in base64: 132 bits

/** Whose resources, and of which kind. */
export interface Shelf {
  readonly site_project_id: string;
  readonly kind: ResourceKind;
}

/**
 * Writes what differs from what is there.
 *
 * Readings overlap (a whole list, its changes, one server), so each carries when its request began, and an older
 * answer never overwrites a newer one.
 *
 * @returns the rows that are new or different
 */
export async function putResources<Row extends Normalised>(
  db: Kysely<Tables>,
  { site_project_id, kind }: Shelf,
  rows: Iterable<Row>,
  seen_at: string,
): Promise<Row[]> {
  // the last one of each id: a site that repeats itself over pages must not fail the statement
  const by_id = new Map<string, Row>();
  for (const row of rows) if (row.id.length <= MAX_ID_CHARS) by_id.set(row.id, row);
  const all = [...by_id.values()];
  const changed: Row[] = [];
  for (let at = 0; at < all.length; at += ROWS_A_STATEMENT) {
    const records = all.slice(at, at + ROWS_A_STATEMENT).map(recordOf);
    const { rows: written } = await sql<{ id: string }>`
      insert into resources as r (site_project_id, kind, id, name, status, search, facts, raw, shared_id,
        created_at, updated_at, seen_at, digest)
      select ${site_project_id}::uuid, ${kind}, id, name, status, search, facts, raw, shared_id,
        created_at, updated_at, ${seen_at}::timestamptz, digest
      from json_to_recordset(${`[${records.join(",")}]`}::json) as record (id text, name text, status text,
        search text, facts jsonb, raw json, shared_id text, created_at timestamptz, updated_at timestamptz, digest text)
      on conflict (site_project_id, kind, id) do update set
        name = excluded.name, status = excluded.status, search = excluded.search, facts = excluded.facts,
        raw = excluded.raw, shared_id = excluded.shared_id, created_at = excluded.created_at,
        updated_at = excluded.updated_at, seen_at = excluded.seen_at, digest = excluded.digest
      where r.digest <> excluded.digest and r.seen_at <= excluded.seen_at
      returning id`.execute(db);
    for (const { id } of written) {
      const row = by_id.get(id);
      if (row) changed.push(row);
    }
  }
  return changed;
}

/** NUL and half surrogate pairs, as `JSON.stringify` escapes them; an even number of backslashes before is text. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** PostgreSQL cannot keep every string that JSON can spell: the rest becomes U+FFFD. */
function storable(json: string): string {
  return json.includes("\\u") ? json.replace(UNSTORABLE, "$1\\ufffd") : json;
}

/** JSON of the record, put together by hand so that the big part, the raw body, is written as text only once. */
function recordOf({ facts, raw, name, ...others }: Normalised): string {
  const columns = { ...others, name: name.slice(0, MAX_NAME_CHARS).toWellFormed() };
  const facts_text = JSON.stringify(facts);
  const raw_text = storable(JSON.stringify(raw));
  const columns_text = JSON.stringify(columns);
  const digest = hash("sha256", `${columns_text}${facts_text}${raw_text}`, "base64").slice(0, DIGEST_CHARS);
  return `${columns_text.slice(0, -1)},"digest":"${digest}","facts":${facts_text},"raw":${raw_text}}`;
}

/** @returns the ids that were there */
export async function dropResources(
  db: Kysely<Tables>,
  { site_project_id, kind }: Shelf,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const dropped = await db
    .deleteFrom("resources")
    .where("site_project_id", "=", site_project_id)
    .where("kind", "=", kind)
    .where((row) => sql<boolean>`${row.ref("id")} = any(${ids})`)
    .returning("id")
    .execute();
  return dropped.map(({ id }) => id);
}

export interface Finished {
  readonly began_at: string;
  readonly duration_ms: number;
  /** Where the next reading of changes begins. */
  readonly changes_since: string | null;
  /** After a reading of everything: all ids. What else is there, and was not seen since it began, is gone. */
  readonly all_ids?: readonly string[];
}

/** Notes a reading that succeeded. @returns the ids that the site no longer has */
export async function finishReading(db: Kysely<Tables>, shelf: Shelf, finished: Finished): Promise<string[]> {
  const { site_project_id, kind } = shelf;
  const { began_at, duration_ms, changes_since, all_ids } = finished;
  return db.transaction().execute(async (transaction) => {
    const gone = all_ids
      ? await sql<{ id: string }>`
          delete from resources r where site_project_id = ${site_project_id} and kind = ${kind}
            and seen_at < ${began_at}::timestamptz
            and not exists (select 1 from unnest(${all_ids}::text[]) as seen (id) where seen.id = r.id)
          returning id`.execute(transaction)
      : { rows: [] };
    await sql`
      insert into reader_state as s (site_project_id, kind, as_of, last_full_at, changes_since, duration_ms, rows)
      select ${site_project_id}, ${kind}, ${began_at}, ${all_ids ? began_at : null}::timestamptz,
        ${changes_since}::timestamptz, ${duration_ms}, count(*)
      from resources where site_project_id = ${site_project_id} and kind = ${kind}
      on conflict (site_project_id, kind) do update set
        as_of = excluded.as_of, last_full_at = coalesce(excluded.last_full_at, s.last_full_at),
        changes_since = excluded.changes_since, problem = null, failing_since = null,
        duration_ms = excluded.duration_ms, rows = excluded.rows`.execute(transaction);
    return gone.rows.map(({ id }) => id);
  });
}

/** Notes a reading that failed; what was read before stays. */
export async function failReading(db: Kysely<Tables>, shelf: Shelf, problem: ProblemDetail): Promise<void> {
  await sql`
    insert into reader_state as s (site_project_id, kind, problem, failing_since)
    values (${shelf.site_project_id}, ${shelf.kind}, ${JSON.stringify(problem)}::jsonb, now())
    on conflict (site_project_id, kind) do update set
      problem = excluded.problem, failing_since = coalesce(s.failing_since, excluded.failing_since)`.execute(
    db,
  );
}

export interface ReaderState {
  readonly as_of: string | null;
  readonly last_full_at: string | null;
  readonly changes_since: string | null;
  readonly failing: boolean;
}

export async function readerState(
  db: Kysely<Tables>,
  { site_project_id, kind }: Shelf,
): Promise<ReaderState> {
  const row = await db
    .selectFrom("reader_state")
    .select(["as_of", "last_full_at", "changes_since", "failing_since"])
    .where("site_project_id", "=", site_project_id)
    .where("kind", "=", kind)
    .executeTakeFirst();
  if (!row) return { as_of: null, last_full_at: null, changes_since: null, failing: false };
  const { failing_since, ...state } = row;
  return { ...state, failing: failing_since !== null };
}
