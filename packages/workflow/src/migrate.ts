import type pg from "pg";

/** Any constant; it only has to differ from the keys of other advisory locks in the same database. */
const MIGRATION_LOCK = 7_304_002;

/**
 * Each entry brings the schema one version further and is never edited once released.
 *
 * A job holds no foreign key to anything of the host's: `owner` and `labels` are the host's words.
 */
const VERSIONS = [
  `create table jobs (
     id uuid primary key,
     workflow text not null,
     title text not null,
     owner text not null,
     labels jsonb not null default '{}',
     input jsonb not null,
     status text not null check (status in
       ('queued', 'running', 'waiting', 'undoing', 'succeeded', 'undone', 'cancelled', 'stuck')),
     result jsonb,
     problem jsonb,
     cancel_requested boolean not null default false,
     created_at timestamptz not null default now(),
     started_at timestamptz,
     ended_at timestamptz,
     retry_requested boolean not null default false,
     retry_of uuid references jobs (id) on delete set null,
     executor text
   );
   create index jobs_created_at on jobs (created_at desc, id);
   create index jobs_owner on jobs (owner, created_at desc);
   create index jobs_labels on jobs using gin (labels jsonb_path_ops);
   create index jobs_unfinished on jobs (status) where status in ('queued', 'running', 'waiting', 'undoing', 'stuck');
   create table job_steps (
     job_id uuid not null references jobs (id) on delete cascade,
     seq integer not null,
     name text not null,
     title text not null,
     status text not null check (status in
       ('pending', 'running', 'waiting', 'succeeded', 'failed', 'undoing', 'undone')),
     attempt integer not null default 0,
     started_at timestamptz,
     ended_at timestamptz,
     bytes_done bigint,
     bytes_total bigint,
     rate_bytes_per_s bigint,
     note text,
     problem jsonb,
     request_ids jsonb not null default '[]',
     primary key (job_id, name)
   );
   create table job_log (
     id bigint generated always as identity primary key,
     job_id uuid not null references jobs (id) on delete cascade,
     step text,
     at timestamptz not null default now(),
     message text not null
   );
   create index job_log_job on job_log (job_id, id);`,
  `create table job_executors (id text primary key, seen_at timestamptz not null default now());`,
  `alter table jobs add column subject text;
   create unique index jobs_subject on jobs (subject) where status in ('queued', 'running', 'waiting', 'undoing', 'stuck');`,
  `alter table jobs add column committed boolean not null default false;`,
];

/** Creates or updates the tables `jobs`, `job_steps`, `job_log` and `job_executors`. Safe to repeat and to run from several processes. */
export async function migrateWorkflow(pool: pg.Pool, schema = "public"): Promise<void> {
  const client = await pool.connect();
  const inSchema = client.escapeIdentifier(schema);
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await client.query(`create schema if not exists ${inSchema}`);
    await client.query(`set local search_path to ${inSchema}`);
    await client.query("create table if not exists workflow_schema (version integer not null)");
    const { rows } = await client.query<{ version: number }>("select version from workflow_schema");
    const have = rows[0]?.version ?? 0;
    for (const sql of VERSIONS.slice(have)) await client.query(sql);
    if (rows.length === 0) await client.query("insert into workflow_schema values ($1)", [VERSIONS.length]);
    else await client.query("update workflow_schema set version = $1", [VERSIONS.length]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}
