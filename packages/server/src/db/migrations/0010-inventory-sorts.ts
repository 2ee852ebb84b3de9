import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** The newest of a hundred thousand servers, and those in ERROR, without sorting all of them. */
export const inventorySorts: Migration = {
  async up(db: Kysely<unknown>) {
    const rest = sql`(lower(name) collate "C"), site_project_id, id`;
    await sql`
      create index resources_by_status
      on resources (kind, (lower(coalesce(status, '')) collate "C"), ${rest})`.execute(db);
    await sql`
      create index resources_by_creation
      on resources (kind, (coalesce(created_at, '-infinity')), ${rest})`.execute(db);
    await sql`
      create index resources_by_update
      on resources (kind, (coalesce(updated_at, '-infinity')), ${rest})`.execute(db);
  },
};
