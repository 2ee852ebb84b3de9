import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "./database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { isAlive } from "./postmaster.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** `GET <this>empty` or `GET <this>migrated` answers with the URL of a database of your own. */
    fresh_database: string;
  }
}

const DIR_PREFIX = "uniview-test-";

/**
 * Vitest's global setup: one PostgreSQL for the whole run, started when the first test asks, so that a run
 * without SQL does not pay for it. Tests ask over HTTP because they live in processes of their own, and because
 * packages that may not import the server need a database, too. `DATABASE_URL` is used where it is set.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const data_dir = join(tmpdir(), `${DIR_PREFIX}${process.pid}`);
  const template = `uniview_template_${process.pid}`;
  const made: string[] = [];
  let starting: Promise<EmbeddedPostgres> | undefined;
  let migrating: Promise<void> | undefined;

  const server = async (): Promise<string> => {
    if (process.env["DATABASE_URL"]) return process.env["DATABASE_URL"];
    starting ??= sweepDead().then(() => startEmbeddedPostgres({ data_dir, durable: false }));
    return (await starting).url("postgres");
  };

  const create = async (name: string, from?: string): Promise<string> => {
    const url = await server();
    await command(url, `create database ${name}${from ? ` template ${from}` : ""}`);
    made.push(name);
    return named(url, name);
  };

  const migrateTemplate = async () => {
    const database = await openDatabase({ url: await create(template) });
    await database.close();
  };

  const door = createServer(async (request, response) => {
    try {
      const name = `uniview_test_${randomBytes(6).toString("hex")}`;
      const migrated = request.url === "/migrated";
      if (migrated) {
        migrating ??= migrateTemplate();
        await migrating;
      }
      response.end(await create(name, migrated ? template : undefined));
    } catch (error) {
      response
        .writeHead(500)
        .end(error instanceof Error ? `${error.stack}\n${String(error.cause)}` : String(error));
    }
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const { port } = door.address() as AddressInfo;
  project.provide("fresh_database", `http://127.0.0.1:${port}/`);

  return async () => {
    await new Promise((resolve) => door.close(resolve));
    if (starting) {
      await (await starting).close();
      await rm(data_dir, { recursive: true, force: true });
      return;
    }
    for (const name of made) await command(await server(), `drop database if exists ${name} with (force)`);
  };
}

function named(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${database}`;
  return result.href;
}

/** Database-level commands take no parameters; the names here are made of our own letters. */
async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A killed run leaves its PostgreSQL behind; the next one stops and removes it. */
async function sweepDead(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = entry.startsWith(DIR_PREFIX) ? Number(entry.slice(DIR_PREFIX.length)) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const left = join(tmpdir(), entry);
    const postgres = await startEmbeddedPostgres({ data_dir: left, durable: false }).catch(() => undefined);
    await postgres?.close();
    await rm(left, { recursive: true, force: true });
  }
}
