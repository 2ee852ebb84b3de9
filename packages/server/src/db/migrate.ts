import { migrateWorkflow } from "@uniview/workflow/migrate";
import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import type pg from "pg";
import { migrations } from "./migrations/index.ts";
import type { Tables } from "./tables.ts";

/** Any constant; it only has to differ from the keys of other advisory locks in the same database. */
const MIGRATION_LOCK = 7_304_001;

/**
 * Brings the schema up to this release: the job engine's tables, then {@link migrations}.
 *
 * Several servers may start at once on one database; one migrates, the others wait for it.
 */
export async function migrateDatabase(pool: pg.Pool, kysely: Kysely<Tables>): Promise<void> {
  const lock = await pool.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await migrateWorkflow(pool);
    const migrator = new Migrator({
      db: kysely,
      provider: { getMigrations: async () => migrations },
      allowUnorderedMigrations: true, // two features may add theirs side by side, the lower number merged last
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error) {
      const failed = results?.find((result) => result.status === "Error")?.migrationName;
      throw new Error(
        `The database could not be brought up to date${failed ? ` (migration ${failed})` : ""}.`,
        { cause: error },
      );
    }
  } finally {
    await lock.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]).catch(() => {});
    lock.release();
  }
}
