import { inject } from "vitest";
import { type Database, openDatabase } from "./database.ts";

/** A fresh database with today's schema, of your own: close it in `afterAll`. Works in Vitest only. */
export async function testDatabase(): Promise<Database> {
  return openDatabase({ url: await testDatabaseUrl() });
}

/** The same, for a server process or an engine that opens the database by itself. */
export async function testDatabaseUrl(kind: "migrated" | "empty" = "migrated"): Promise<string> {
  const response = await fetch(new URL(kind, inject("fresh_database")));
  const text = await response.text();
  if (!response.ok) throw new Error(`No test database: ${text}`);
  return text;
}
