import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Few rows have the same date, or those of one bulk: to order these by name when somebody asks costs less than to keep
 * every row's name in order twice.
 */
export const unnamedDates: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`drop index resources_by_creation, resources_by_update`.execute(db);
    await sql`
      create index resources_by_creation on resources (kind, (coalesce(created_at, '-infinity')))`.execute(
      db,
    );
    await sql`
      create index resources_by_update on resources (kind, (coalesce(updated_at, '-infinity')))`.execute(db);
  },
};
