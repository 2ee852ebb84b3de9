import pg from "pg";
import { inject } from "vitest";

/** The URL of an empty database of the run's shared PostgreSQL; the repository's Vitest setup hands it out. */
export async function emptyDatabaseUrl(): Promise<string> {
  // Typed by the setup's package, which this one must not import.
  const door = (inject as (key: string) => unknown)("fresh_database");
  const response = await fetch(new URL("empty", String(door)));
  if (!response.ok) throw new Error(`No test database: ${await response.text()}`);
  return response.text();
}

export function connect(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  pool.on("error", () => {});
  return pool;
}
