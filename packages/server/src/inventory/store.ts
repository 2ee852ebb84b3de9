import type { ProblemDetail } from "@uniview/api";
import { type Kysely, type RawBuilder, sql } from "kysely";
import pg from "pg";
import type { Tables } from "../db/tables.ts";
import type { Shelf } from "./shelf.ts";
import { aroundVersion, LOOKS_UP } from "./surroundings.ts";

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
  const { began_at, all_ids, is_first = false } = finished;
  if (all_ids && is_first) {
    await sql.raw(noteOfFirst(shelf, finished, all_ids)).execute(db);
    return [];
  }
  const unseen = all_ids
    ? sql`seen_at < ${began_at}::timestamptz
        and not exists (select 1 from unnest(${all_ids}::text[]) as seen (id) where seen.id = r.id)`
    : sql`false`;
  const there = `select count(*) from resources
    where site_project_id = ${literal(site_project_id)} and kind = ${literal(kind)}`;
  const note = noteOf(shelf, finished, all_ids !== undefined, `(${there}) - (select count(*) from gone)`);
  // each part sees the rows as they were before the statement
  const { rows } = await sql<{ id: string }>`
    with ${removed(shelf, unseen)}, state as (${sql.raw(note)})
    select id from gone`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * The statement that notes a reading after which nothing can be gone, to be run with the last of its rows. It counts
 * what was read: a look at rows that were just written is dear, for PostgreSQL marks each of them as written, and so
 * every page of them as changed.
 */
export function noteOfFirst(shelf: Shelf, ended: EndedReading, all_ids: readonly string[]): string {
  return noteOf(shelf, ended, true, `${new Set(all_ids).size}`);
}

/** @param rows_now an expression */
function noteOf(
  { site_project_id, kind }: Shelf,
  { began_at, duration_ms, changes_since }: EndedReading,
  of_everything: boolean,
  rows_now: string,
): string {
  const full_at = of_everything ? began_at : null;
  return `
    insert into reader_state as s (site_project_id, kind, as_of, last_full_at, changes_since, duration_ms, rows)
    select ${literal(site_project_id)}::uuid, ${literal(kind)}, ${literal(began_at)}::timestamptz,
      ${literal(full_at)}::timestamptz, ${literal(changes_since)}::timestamptz, ${Number(duration_ms)}, ${rows_now}
    from set_config('synchronous_commit', 'off', true)
    on conflict (site_project_id, kind) do update set
      as_of = excluded.as_of, last_full_at = coalesce(excluded.last_full_at, s.last_full_at),
      changes_since = excluded.changes_since, problem = null, failing_since = null,
      duration_ms = excluded.duration_ms, rows = excluded.rows`;
}

/** Statements that go off with copies have no parameters. */
function literal(value: string | null): string {
  return value === null ? "null" : pg.escapeLiteral(value);
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

/** What was noted of the readings of one kind of a project. */
export interface ReaderState {
  readonly as_of: string | null;
  readonly last_full_at: string | null;
  readonly changes_since: string | null;
  readonly failing: boolean;
  /** Of what the kind looks up, where it was asked for; see {@link aroundVersion}. */
  readonly around_version?: string;
}

const UNREAD: ReaderState = { as_of: null, last_full_at: null, changes_since: null, failing: false };

const STATE = "s.as_of, s.last_full_at, s.changes_since, s.failing_since is not null as failing";

/** Comes here before every reading, but the first since the start. */
const READER_STATE = `
  select ${STATE}, around.version as around_version
  from (
    select ${aroundVersion()} as version from resources where site_project_id = $1 and kind = any($3)
  ) around left join reader_state s on s.site_project_id = $1 and s.kind = $2`;

export async function readerState(
  pool: Pick<pg.Pool, "query">,
  { site_project_id, kind }: Shelf,
): Promise<ReaderState> {
  const { rows } = await pool.query<ReaderState>(READER_STATE, [site_project_id, kind, LOOKS_UP[kind] ?? []]);
  const [row] = rows;
  if (!row) throw new Error("PostgreSQL answered no row where there is always one.");
  return row;
}

/** Of every kind of these projects, for those who begin to read all of them. */
export async function readerStates(
  pool: Pick<pg.Pool, "query">,
  site_project_ids: readonly string[],
): Promise<(shelf: Shelf) => ReaderState> {
  const { rows } = await pool.query<ReaderState & Shelf>(
    `select s.site_project_id, s.kind, ${STATE} from reader_state s where s.site_project_id = any($1)`,
    [site_project_ids],
  );
  const keyOf = ({ site_project_id, kind }: Shelf) => `${site_project_id} ${kind}`;
  const states = new Map(
    rows.map(({ site_project_id, kind, ...state }) => [keyOf({ site_project_id, kind }), state]),
  );
  return (shelf) => states.get(keyOf(shelf)) ?? UNREAD;
}
