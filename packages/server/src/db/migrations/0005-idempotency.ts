import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

export const idempotency: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table idempotency_keys (
      user_id uuid not null references users (id) on delete cascade,
      key text not null,
      endpoint_id text not null,
      request_hash text not null,
      sealed_answer bytea,
      created_at timestamptz not null default now(),
      busy_until timestamptz not null,
      primary key (user_id, key)
    )`.execute(db);
  },
};
