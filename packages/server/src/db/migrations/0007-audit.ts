import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Who changed what. Each row holds the hash of the one before; rows are never changed and never go. */
export const audit: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table audit_log (
      seq bigint primary key,
      at timestamptz not null,
      actor_id uuid,
      actor_name text not null,
      credential_id text,
      action text not null,
      object text not null,
      site text,
      request_id text not null,
      outcome text not null,
      previous_hash bytea not null,
      hash bytea not null
    )`.execute(db);
    await sql`create index audit_log_actor on audit_log (actor_id, seq)`.execute(db);
    await sql`create function refuse_change_of_audit_log() returns trigger language plpgsql as
      $$ begin raise exception 'The audit log is only ever added to.'; end $$`.execute(db);
    await sql`create trigger audit_log_only_grows before update or delete or truncate on audit_log
      for each statement execute function refuse_change_of_audit_log()`.execute(db);
  },
};
