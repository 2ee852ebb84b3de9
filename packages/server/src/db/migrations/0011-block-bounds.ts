import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * Blocks tell between what their rows lie in every order. Filters are made of bytes now, and cheaper: old ones let
 * everything pass until a full reading renews them.
 *
 * A foreign key looks up the project for every row, a quarter of what storing it costs. Whoever adds rows adds their
 * block first in the same transaction, and that has the foreign key; what goes with a project goes by a trigger.
 */
export const blockBounds: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`
      alter table search_blocks
        add first_status text collate "C" not null default '',
        add last_status text collate "C" not null default chr(1114111),
        add first_created_at timestamptz not null default '-infinity',
        add last_created_at timestamptz not null default 'infinity',
        add first_updated_at timestamptz not null default '-infinity',
        add last_updated_at timestamptz not null default 'infinity'`.execute(db);
    await sql`
      alter table search_blocks
        alter first_status drop default, alter last_status drop default,
        alter first_created_at drop default, alter last_created_at drop default,
        alter first_updated_at drop default, alter last_updated_at drop default`.execute(db);
    await sql`update search_blocks set filter = ~ repeat('0', 30720)::bit(30720), stale_rows = rows`.execute(
      db,
    );
    await sql`alter table resources drop constraint resources_site_project_id_fkey`.execute(db);
    await sql`
      create function remove_resources() returns trigger language plpgsql as $$
      begin
        delete from resources where site_project_id = old.id;
        return null;
      end $$`.execute(db);
    await sql`
      create trigger remove_resources after delete on site_projects
      for each row execute function remove_resources()`.execute(db);
  },
};
