import { setTimeout as delay } from "node:timers/promises";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { columnTypes } from "./column-types.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { createListener, type Listener } from "./listener.ts";
import { migrateDatabase } from "./migrate.ts";
import type { Tables } from "./tables.ts";

export interface DatabaseOptions {
  /** An existing PostgreSQL (15 or newer). Wins over `data_dir`. */
  url?: string | undefined;
  /** Where to keep an embedded PostgreSQL. */
  data_dir?: string | undefined;
}

export interface Database {
  /** Holds the password when one is in use: never log it. */
  url: string;
  pool: pg.Pool;
  kysely: Kysely<Tables>;
  listen: Listener["listen"];
  /** Payloads, told in order: at most 7999 bytes each; send an id, never the thing. */
  notify(channel: string, ...payloads: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Connections: requests, inventory readers and the job engine share them. */
const POOL_SIZE = 20;
const CLAIM_LOCK = 7_304_003;
/** How long the sessions of a killed predecessor may take to be noticed as gone. */
const CLAIM_PATIENCE_MS = 5_000;
const CLAIM_POLL_MS = 100;
const OLDEST_SERVER_VERSION = 150_000;

/** Opens the database, starting an embedded PostgreSQL where no `url` is given, and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url) return connectDatabase(options.url);
  if (!options.data_dir)
    throw new Error("No database: set DATABASE_URL or give a data directory for the embedded PostgreSQL.");
  const postgres = await startEmbeddedPostgres({ data_dir: options.data_dir });
  const claim = await claimDataDir(postgres, options.data_dir);
  const stop = async () => {
    await claim.end();
    await postgres.close();
  };
  try {
    const database = await connectDatabase(postgres.url());
    return { ...database, close: () => database.close().finally(stop) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * An embedded PostgreSQL has one user process, which stops it at the end. The claim is a lock of a session: it
 * goes with the process, however that dies.
 */
async function claimDataDir(postgres: EmbeddedPostgres, data_dir: string): Promise<pg.Client> {
  const claim = new pg.Client({ connectionString: postgres.url() });
  claim.on("error", () => {}); // PostgreSQL went away; the pool's queries say so
  await claim.connect();
  for (const deadline = Date.now() + CLAIM_PATIENCE_MS; ; await delay(CLAIM_POLL_MS)) {
    const { rows } = await claim.query<{ mine: boolean }>("select pg_try_advisory_lock($1) as mine", [
      CLAIM_LOCK,
    ]);
    if (rows[0]?.mine) return claim;
    if (Date.now() < deadline) continue;
    await claim.end();
    throw new Error(
      `Another Uniview runs on the data directory ${data_dir}; stop it, or give this one a directory of its own.`,
    );
  }
}

async function connectDatabase(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE, types: columnTypes });
  pool.on("error", () => {}); // an idle connection broke; the next query gets a new one or its own error
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const listener = createListener(url);
  try {
    await refuseOldServer(pool);
    await migrateDatabase(pool, kysely);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    url,
    pool,
    kysely,
    listen: listener.listen,
    async notify(channel, ...payloads) {
      // as JSON, for `pg` spells an array sign by sign
      const statement = "select pg_notify($1, payload) from json_array_elements_text($2::json) payload";
      await pool.query(statement, [channel, JSON.stringify(payloads)]);
    },
    async close() {
      await listener.close();
      await kysely.destroy(); // ends the pool, too
    },
  };
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: string; version: string }>(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  );
  const [row] = rows;
  if (Number(row?.number) < OLDEST_SERVER_VERSION) {
    throw new Error(`DATABASE_URL points to PostgreSQL ${row?.version}; Uniview needs 15 or newer.`);
  }
}
