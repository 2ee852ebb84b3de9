import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * `search` stays in the row and `facts` and `raw` go out of line early, so that looking through 100,000 rows reads
 * names and words only. Names are compared by code point (`collate "C"`): the same order in every PostgreSQL.
 */
export const inventory: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create extension if not exists pg_trgm`.execute(db);
    await sql`
      create table resources (
        site_project_id uuid not null references site_projects on delete cascade,
        kind text not null,
        id text not null,
        name text not null,
        status text,
        search text storage main not null,
        facts jsonb not null,
        raw json not null,
        shared_id text,
        created_at timestamptz,
        updated_at timestamptz,
        seen_at timestamptz not null,
        digest text not null,
        primary key (site_project_id, kind, id)
      ) with (toast_tuple_target = 512)`.execute(db);
    await sql`create index resources_search on resources using gin (search gin_trgm_ops)`.execute(db);
    await sql`
      create index resources_by_name on resources (kind, (lower(name) collate "C"), site_project_id, id)`.execute(
      db,
    );
    await sql`
      create index resources_shared on resources (kind, shared_id) where shared_id is not null`.execute(db);
    await sql`
      create index resources_ports_of on resources (site_project_id, (facts ->> 'device_id'))
      where kind = 'ports'`.execute(db);
    await sql`
      create table reader_state (
        site_project_id uuid not null references site_projects on delete cascade,
        kind text not null,
        as_of timestamptz,
        last_full_at timestamptz,
        changes_since timestamptz,
        problem jsonb,
        failing_since timestamptz,
        duration_ms integer,
        rows integer not null default 0,
        primary key (site_project_id, kind)
      )`.execute(db);
  },
};
