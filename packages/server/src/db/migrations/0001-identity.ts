import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const identity: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table users (
      id uuid primary key default gen_random_uuid(),
      name text not null,
      role text not null check (role in ('administrator', 'user')),
      password_hash text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
    // names that differ by case only would be taken for one another
    await sql`create unique index users_name on users (lower(name))`.execute(db);
    await sql`create table sessions (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id) on delete cascade,
      token_hash bytea not null unique,
      created_at timestamptz not null default now(),
      seen_at timestamptz not null default now()
    )`.execute(db);
    await sql`create index sessions_user on sessions (user_id)`.execute(db);
    await sql`create table api_tokens (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references users (id) on delete cascade,
      name text not null,
      token_hash bytea not null unique,
      created_at timestamptz not null default now(),
      expires_at timestamptz,
      last_used_at timestamptz
    )`.execute(db);
    await sql`create unique index api_tokens_name on api_tokens (user_id, name)`.execute(db);
    // one row at most: the link that creates the first administrator
    await sql`create table setup_token (
      "only" boolean primary key default true check ("only"),
      token_hash bytea not null,
      expires_at timestamptz not null
    )`.execute(db);
  },
};
