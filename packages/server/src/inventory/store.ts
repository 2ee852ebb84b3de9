import type { ProblemDetail } from "@uniview/api";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type pg from "pg";
import type { Tables } from "../db/tables.ts";
import type { Shelf } from "./shelf.ts";
import { LOOKS_UP } from "./surroundings.ts";

/** @returns the ids that were there */
export async function dropResources(
  db: Kysely<Tables>,
  shelf: Shelf,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    with ${removed(shelf, sql`r.id = any(${ids})`)}
    select id from gone`.execute(db);
  return rows.map(({ id }) => id);
}

/** Removes rows, which are then `gone`, and notes in their blocks that they stand for less now. */
function removed({ site_project_id, kind }: Shelf, which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`gone as (
      delete from resources r where site_project_id = ${site_project_id} and kind = ${kind} and ${which}
      returning id, block_id
    ), noted as (
      update search_blocks b set stale_rows = stale_rows + lost.rows
      from (select block_id, count(*) as rows from gone group by block_id) lost where b.id = lost.block_id
    )`;
}

/** What is noted of each reading. */
export interface EndedReading {
  readonly began_at: string;
  readonly duration_ms: number;
  /** Where the next reading of changes begins. */
  readonly changes_since: string | null;
}

export interface Finished extends EndedReading {
  /** After a reading of everything: all ids. What else is there, and was not seen since it began, is gone. */
  readonly all_ids?: readonly string[];
  /** Nothing was there before but what a reading left that was cut off, and that the next one looks through. */
  readonly is_first?: boolean;
}

/**
 * Notes a reading that succeeded: in one statement, for every kind of every project comes here again and again. It
 * waits for no disk, since what a crash takes away is read again.
 *
 * @returns the ids that the site no longer has
 */
export async function finishReading(db: Kysely<Tables>, shelf: Shelf, finished: Finished): Promise<string[]> {
  const { site_project_id, kind } = shelf;
  const { began_at, duration_ms, changes_since, all_ids, is_first = false } = finished;
  const unseen =
    all_ids && !is_first
      ? sql`seen_at < ${began_at}::timestamptz
        and not exists (select 1 from unnest(${all_ids}::text[]) as seen (id) where seen.id = r.id)`
      : sql`false`;
  // a look at rows that were just written is dear: PostgreSQL marks each as written, and so every page of them as changed
  const rows_now =
    all_ids && is_first
      ? sql`${new Set(all_ids).size}::int`
      : sql`(select count(*) from resources where site_project_id = ${site_project_id} and kind = ${kind})
          - (select count(*) from gone)`;
  // each part sees the rows as they were before the statement
  const { rows } = await sql<{ id: string | null }>`
    with ${removed(shelf, unseen)}, state as (
      insert into reader_state as s (site_project_id, kind, as_of, last_full_at, changes_since, duration_ms, rows)
      select ${site_project_id}, ${kind}, ${began_at}, ${all_ids ? began_at : null}::timestamptz,
        ${changes_since}::timestamptz, ${duration_ms}, ${rows_now}
      on conflict (site_project_id, kind) do update set
        as_of = excluded.as_of, last_full_at = coalesce(excluded.last_full_at, s.last_full_at),
        changes_since = excluded.changes_since, problem = null, failing_since = null,
        duration_ms = excluded.duration_ms, rows = excluded.rows
    )
    select id from (select set_config('synchronous_commit', 'off', true)) as unsynced
    left join gone on true`.execute(db);
  return rows.flatMap(({ id }) => id ?? []);
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
  /** Of what the kind looks up: another one whenever any of it changed. */
  readonly around_version: string;
}

/** Comes here before every reading. A row that changed has a later `seen_at`, so the sum of all tells of any. */
const READER_STATE = `
  select s.as_of, s.last_full_at, s.changes_since, s.failing_since is not null as failing, around.version
  from (
    select concat(count(*), ':', sum(extract(epoch from seen_at))) as version
    from resources where site_project_id = $1 and kind = any($3)
  ) around left join reader_state s on s.site_project_id = $1 and s.kind = $2`;

export async function readerState(
  pool: Pick<pg.Pool, "query">,
  { site_project_id, kind }: Shelf,
): Promise<ReaderState> {
  const { rows } = await pool.query<Omit<ReaderState, "around_version"> & { version: string }>(READER_STATE, [
    site_project_id,
    kind,
    LOOKS_UP[kind] ?? [],
  ]);
  const [row] = rows;
  if (!row) throw new Error("PostgreSQL answered no row where there is always one.");
  const { version, ...state } = row;
  return { ...state, around_version: version };
}
