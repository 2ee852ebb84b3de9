import type pg from "pg";
import { parametersOf } from "../db/array-values.ts";
import { CHANGED_COLUMNS, type ChangesDraft } from "./draft-changes.ts";
import { drawBlockId } from "./search/blocks.ts";
import type { Shelf } from "./shelf.ts";
import type { EndedReading } from "./store.ts";

/** Rows that are written at once: new ones among them become one block, whose filter must still tell something. */
export const CHANGES_AT_ONCE = 64;

const FIRST_ARRAY = 7;
const ARRAYS = CHANGED_COLUMNS.map(({ type }, at) => `$${FIRST_ARRAY + at}::${type}[]`);
const NAMES = CHANGED_COLUMNS.map(({ name }) => name);
const COLUMNS = NAMES.slice(0, NAMES.indexOf("filter"));
const SET = COLUMNS.map((name) => `${name} = s.${name}`);
const BOUNDS = ["first_name", "last_name", "first_status", "last_status"] as const;
/** Of all rows `s` of a block together. */
const BOUNDS_OF_ALL = BOUNDS.map((name) => {
  const extreme = name.startsWith("first") ? "min" : "max";
  return `${extreme}(s.${name} collate "C") as ${name}`;
});
const WIDER = BOUNDS.map((name) => {
  const extreme = name.startsWith("first") ? "least" : "greatest";
  return `${name} = ${extreme}(b.${name}, n.${name})`;
});

/**
 * Each part of it sees the rows as they were before. Changed rows stay in their blocks, whose filters learn the new
 * words and keep the old ones, and whose bounds reach as far. New rows become a block that is stale from the start: it
 * is taken up when blocks are renewed. It waits for no disk.
 */
const STATEMENT = `
  with s as materialized (
    select * from unnest(${ARRAYS.join(", ")}) as s (${NAMES.join(", ")})
  ), known as materialized (
    select r.id, r.search = s.search and r.status is not distinct from s.status as has_no_new_words
    from s join resources r on r.site_project_id = $1::uuid and r.kind = $2::text and r.id = s.id
  ), updated as (
    update resources r set seen_at = $3::timestamptz, ${SET.join(", ")}
    from s where r.site_project_id = $1::uuid and r.kind = $2::text and r.id = s.id
      and r.digest <> s.digest and r.seen_at <= $3::timestamptz
    returning r.id, r.block_id
  ), widened as (
    update search_blocks b set stale_rows = b.stale_rows + n.rows, ${WIDER.join(", ")},
      filter = case when n.filter is null then b.filter else b.filter | n.filter end
    from (
      select u.block_id, count(*) as rows, ${BOUNDS_OF_ALL.join(", ")},
        bit_or(s.filter::bit(30720)) filter (where not k.has_no_new_words) as filter
      from updated u join s on s.id = u.id join known k on k.id = u.id group by u.block_id
    ) n where b.id = n.block_id
  ), fresh as materialized (
    select * from s where not exists (select 1 from known k where k.id = s.id)
  ), block as (
    insert into search_blocks (id, site_project_id, kind, rows, stale_rows, filter, ${BOUNDS.join(", ")})
    select $4::bigint, $1::uuid, $2::text, count(*), count(*), bit_or(s.filter::bit(30720)), ${BOUNDS_OF_ALL.join(", ")}
    from fresh s having count(*) > 0
  ), added as (
    insert into resources (site_project_id, kind, seen_at, block_id, ${COLUMNS.join(", ")})
    select $1::uuid, $2::text, $3::timestamptz, $4::bigint, ${COLUMNS.join(", ")} from fresh returning id
  ), finished as (
    insert into reader_state as s (site_project_id, kind, as_of, duration_ms, changes_since, rows)
    select $1::uuid, $2::text, $3::timestamptz, $5::int, $6::timestamptz,
      (select count(*) from resources where site_project_id = $1::uuid and kind = $2::text)
        + (select count(*) from fresh)
    where $5::int is not null
    on conflict (site_project_id, kind) do update set
      as_of = excluded.as_of, changes_since = excluded.changes_since, problem = null, failing_since = null,
      duration_ms = excluded.duration_ms, rows = excluded.rows
  )
  select id from (select set_config('synchronous_commit', 'off', true)) as unsynced
  left join (select id from updated union all select id from added) as changed on true`;

/**
 * Writes rows of which few are new, in one statement.
 *
 * @param draft of {@link CHANGES_AT_ONCE} rows at most
 * @param seen_at when the reading began
 * @param ended undefined: it goes on
 * @returns the ids of those that are new or different
 * @throws pg.DatabaseError another reading wrote the same rows at the same moment
 */
export async function putChanges(
  database: Pick<pg.ClientBase, "query">,
  { site_project_id, kind }: Shelf,
  draft: ChangesDraft,
  seen_at: string,
  ended?: EndedReading,
): Promise<string[]> {
  const { rows } = await database.query<{ id: string | null }>(STATEMENT, [
    site_project_id,
    kind,
    seen_at,
    drawBlockId(),
    ended?.duration_ms ?? null,
    ended?.changes_since ?? null,
    ...parametersOf(draft),
  ]);
  return rows.flatMap(({ id }) => id ?? []);
}
