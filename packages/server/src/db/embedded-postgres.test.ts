import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { postgresAsNobody } from "./postgres-account.ts";
import { isAlive } from "./postmaster.ts";

const running: EmbeddedPostgres[] = [];
const dirs: string[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-pg-test-"));
  dirs.push(dir);
  return dir;
}

async function start(data_dir: string, account?: typeof postgresAsNobody): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ data_dir, durable: false, ...(account ? { account } : {}) });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("it starts, keeps what was written over a stop, listens on no network, and stops", async () => {
  const dir = await newDir();
  const first = await start(dir);
  await query(first.url(), "create table kept as select 7 as n");
  expect(await query(first.url(), "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
  await first.close();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start(dir);
  expect(second.attached).toBe(false);
  expect(await query(second.url(), "select n from kept")).toEqual([{ n: 7 }]);
});

test("two run side by side, one of them in a directory too deep for a socket", async () => {
  const deep = join(await newDir(), "d".repeat(90));
  await mkdir(deep);
  const [one, two] = await Promise.all([start(await newDir()), start(deep)]);
  expect(one.pid).not.toBe(two.pid);
  expect(await query(two.url(), "select 1 as n")).toEqual([{ n: 1 }]);
});

test("the PostgreSQL of a killed process is taken over and stopped by the next one", async () => {
  const dir = await newDir();
  const module = new URL("./embedded-postgres.ts", import.meta.url).href;
  const code = `const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
    await startEmbeddedPostgres({ data_dir: ${JSON.stringify(dir)}, durable: false });
    process.send("started"); setInterval(() => {}, 1000);`;
  const child = fork("-", { execArgv: ["--input-type=module", "--eval", code], execPath: process.execPath });
  await once(child, "message");
  child.kill("SIGKILL");
  await once(child, "exit");
  const next = await start(dir);
  expect(next.attached).toBe(true);
  await next.close();
  expect(isAlive(next.pid)).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  "where user namespaces are forbidden, root runs it as nobody",
  async () => {
    const dir = await newDir();
    const postgres = await start(dir, postgresAsNobody);
    expect(await query(postgres.url(), "select 1 as n")).toEqual([{ n: 1 }]);
  },
);
