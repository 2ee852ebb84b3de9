import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Projects over sites, and what the gateway's identity keeps: tokens, receipts, application credentials, one-time codes. */
export const gateway: Migration = {
  async up(db: Kysely<unknown>) {
    // ids as Keystone makes them: clients put them into paths and into names of their own
    await sql`create table projects (
      id text primary key default replace(gen_random_uuid()::text, '-', '') check (id ~ '^[0-9a-f]{32}$'),
      name text not null unique,
      description text not null default '',
      created_by uuid references users (id) on delete set null,
      created_at timestamptz not null default now()
    )`.execute(db);
    await sql`create table project_sites (
      site_project_id uuid primary key references site_projects (id) on delete cascade,
      project_id text not null references projects (id) on delete cascade
    )`.execute(db);
    await sql`create index project_sites_project on project_sites (project_id)`.execute(db);
    // the catalog that the site showed last, so that signing in never waits for a site
    await sql`create table site_catalogs (
      site_project_id uuid primary key references site_projects (id) on delete cascade,
      catalog jsonb not null,
      as_of timestamptz not null default now()
    )`.execute(db);
    await sql`create table application_credentials (
      id text primary key default replace(gen_random_uuid()::text, '-', ''),
      user_id uuid not null references users (id) on delete cascade,
      project_id text not null references projects (id) on delete cascade,
      name text not null,
      description text,
      secret_hash text not null,
      roles jsonb not null,
      unrestricted boolean not null default false,
      broker boolean not null default false,
      expires_at timestamptz,
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      unique (user_id, name)
    )`.execute(db);
    await sql`create table access_rules (
      id text primary key default replace(gen_random_uuid()::text, '-', ''),
      user_id uuid not null references users (id) on delete cascade,
      service text not null,
      method text not null,
      path text not null,
      unique (user_id, service, method, path)
    )`.execute(db);
    await sql`create table application_credential_rules (
      application_credential_id text not null references application_credentials (id) on delete cascade,
      access_rule_id text not null references access_rules (id),
      primary key (application_credential_id, access_rule_id)
    )`.execute(db);
    await sql`create index application_credential_rules_rule on application_credential_rules (access_rule_id)`.execute(
      db,
    );
    await sql`create table gateway_tokens (
      id uuid primary key default gen_random_uuid(),
      token_hash bytea not null unique,
      user_id uuid not null references users (id) on delete cascade,
      scope text not null check (scope in ('unscoped', 'project', 'domain')),
      project_id text references projects (id) on delete cascade,
      application_credential_id text references application_credentials (id) on delete cascade,
      methods jsonb not null,
      audit_ids jsonb not null,
      issued_at timestamptz not null default now(),
      expires_at timestamptz not null,
      check ((scope = 'project') = (project_id is not null))
    )`.execute(db);
    await sql`create index gateway_tokens_expiry on gateway_tokens (expires_at)`.execute(db);
    await sql`create index gateway_tokens_user on gateway_tokens (user_id)`.execute(db);
    await sql`create table auth_receipts (
      receipt_hash bytea primary key,
      user_id uuid not null references users (id) on delete cascade,
      methods jsonb not null,
      issued_at timestamptz not null default now(),
      expires_at timestamptz not null
    )`.execute(db);
    await sql`create table totp_secrets (
      user_id uuid primary key references users (id) on delete cascade,
      sealed bytea not null,
      confirmed_at timestamptz,
      used_step bigint,
      created_at timestamptz not null default now()
    )`.execute(db);
    await attachWhatIsJoined(db);
  },
};

/** One project for each name; of projects of one site that share a name, the later ones have their domain in it. */
async function attachWhatIsJoined(db: Kysely<unknown>): Promise<void> {
  const named = sql`select mine.id, case when exists (
      select from site_projects earlier
      where earlier.site_id = mine.site_id and earlier.project_name = mine.project_name
        and earlier.project_id <> mine.project_id
        and (earlier.created_at, earlier.id) < (mine.created_at, mine.id)
    ) then mine.project_name || '-' || mine.domain_name else mine.project_name end as name
    from site_projects mine`;
  await sql`insert into projects (name) select distinct name from (${named}) named`.execute(db);
  await sql`insert into project_sites (site_project_id, project_id)
    select named.id, projects.id from (${named}) named join projects using (name)`.execute(db);
}
