import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Rows of any date lie in any block, so lists by date have indexes of rows, and blocks no bounds of dates. What
 * walks by name and status need of a block is in an index, a twentieth of the table that the filters fill.
 */
export const datedRows: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      alter table search_blocks
        drop first_created_at, drop last_created_at, drop first_updated_at, drop last_updated_at`.execute(db);
    const by_name = sql`(lower(name) collate "C")`;
    await sql`
      create index resources_by_creation on resources (kind, (coalesce(created_at, '-infinity')), ${by_name})`.execute(
      db,
    );
    await sql`
      create index resources_by_update on resources (kind, (coalesce(updated_at, '-infinity')), ${by_name})`.execute(
      db,
    );
    await sql`drop index search_blocks_of`.execute(db);
    await sql`
      create index search_blocks_of on search_blocks (site_project_id, kind)
      include (id, rows, first_name, last_name, first_status, last_status)`.execute(db);
  },
};
