import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const sites: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table sites (
      id uuid primary key default gen_random_uuid(),
      name text not null unique,
      auth_url text not null,
      region_name text,
      interface text not null check (interface in ('public', 'internal', 'admin')),
      ca_pem text,
      discovery jsonb not null,
      joined_at timestamptz not null default now(),
      seen_at timestamptz,
      unreachable_since timestamptz,
      latency_ms double precision,
      problem jsonb
    )`.execute(db);
    await sql`create table site_projects (
      id uuid primary key default gen_random_uuid(),
      site_id uuid not null references sites (id) on delete cascade,
      project_id text not null,
      project_name text not null,
      domain_name text not null,
      site_user_id text not null,
      site_user_name text not null,
      roles jsonb not null,
      credential_kind text not null check (credential_kind in ('application_credential', 'password')),
      credential_minted boolean not null,
      credential_id text,
      credential_note text,
      credential_expires_at timestamptz,
      credential_sealed bytea not null,
      added_by uuid references users (id) on delete set null,
      created_at timestamptz not null default now(),
      unique (site_id, project_id, added_by)
    )`.execute(db);
    await sql`create table grants (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id) on delete cascade,
      site_project_id uuid not null references site_projects (id) on delete cascade,
      created_at timestamptz not null default now(),
      unique (user_id, site_project_id)
    )`.execute(db);
    await sql`create index grants_site_project on grants (site_project_id)`.execute(db);
  },
};
