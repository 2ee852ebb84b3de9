import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Facts are spelled by us: PostgreSQL need not read each of 100,000 to find out that they are JSON. */
export const writtenFacts: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`drop index resources_ports_of`.execute(db);
    await sql`alter table resources alter facts type text using facts::text`.execute(db);
    await sql`
      create index resources_ports_of on resources (site_project_id, (facts::json ->> 'device_id'))
      where kind = 'ports'`.execute(db);
  },
};
