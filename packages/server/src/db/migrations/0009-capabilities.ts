import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const capabilities: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      create table capabilities (
        site_project_id uuid not null references site_projects on delete cascade,
        capability text not null,
        state text not null,
        how text not null,
        detail text,
        evidence jsonb,
        since timestamptz not null,
        checked_at timestamptz not null,
        primary key (site_project_id, capability)
      )`.execute(db);
    await sql`
      create table capability_changes (
        id bigint primary key generated always as identity,
        site_project_id uuid not null references site_projects on delete cascade,
        capability text not null,
        from_state text not null,
        to_state text not null,
        changed_at timestamptz not null
      )`.execute(db);
    await sql`
      create index capability_changes_newest on capability_changes (site_project_id, id desc)`.execute(db);
    await sql`
      create table capability_probes (
        site_project_id uuid primary key references site_projects on delete cascade,
        probed_at timestamptz,
        took_ms integer,
        problems jsonb not null default '[]',
        versions text,
        claimed_until timestamptz not null
      )`.execute(db);
  },
};
