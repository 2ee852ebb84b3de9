import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { PostgresAccount } from "./postgres-account.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { exit, owner } from "./postgres-program.ts";

/** How long a start, a recovery after a crash, or a stop may take on a busy machine. */
const PATIENCE_MS = 60_000;
const POLL_MS = 50;

export interface PostmasterStart {
  binaries: PostgresBinaries;
  account: PostgresAccount;
  data_dir: string;
  socket_dir: string;
  durable: boolean;
  /** Of a database that always exists, to ask whether it answers. */
  url: string;
}

/** @returns true when another process's PostgreSQL turned out to hold the directory, and answers. */
export async function launch(start: PostmasterStart): Promise<boolean> {
  const { binaries, account, data_dir, socket_dir, durable, url } = start;
  const args = ["-D", join(data_dir, "pgdata"), "-k", socket_dir];
  for (const [name, value] of Object.entries({ ...SETTINGS, ...(durable ? {} : SETTINGS_OF_TESTS) })) {
    args.push("-c", `${name}=${value}`);
  }
  const log = join(data_dir, "postgres.log");
  const log_fd = openSync(log, "a", 0o600);
  const { program, args: argv, uid, gid } = account.command(join(binaries.dir, "bin", "postgres"), args);
  // A process group of its own: Ctrl-C must reach us first, so that we can finish with the database still there.
  const child = spawn(program, argv, {
    stdio: ["ignore", log_fd, log_fd],
    detached: true,
    cwd: "/",
    ...owner(uid, gid),
  });
  closeSync(log_fd);
  child.unref();
  let gone: number | undefined;
  void exit(child).then(
    (code) => (gone = code),
    () => (gone = -1),
  );
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL did not answer within ${PATIENCE_MS / 1000} s; ${await lastWords(log)}`);
    if (gone !== undefined && !(await heldByAnother(data_dir))) {
      throw new Error(`PostgreSQL ended at once with code ${gone}; ${await lastWords(log)}`);
    }
    await delay(POLL_MS);
  }
  return gone !== undefined;
}

/**
 * Small on purpose: it shares the machine with the server, and the working set is an inventory, not a warehouse. That
 * has to fit, though (100,000 servers are 250 MB): whoever needs room for a page otherwise writes another one first, and
 * waits for the log before. The log takes a first reading without a checkpoint that writes everything twice.
 */
const SETTINGS = {
  listen_addresses: "",
  max_connections: "100",
  shared_buffers: "256MB",
  max_wal_size: "1GB",
  min_wal_size: "32MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  jit: "off",
  log_min_messages: "warning",
};

const SETTINGS_OF_TESTS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "200",
};

export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function heldByAnother(data_dir: string): Promise<boolean> {
  return isAlive(await readPid(data_dir).catch(() => 0));
}

export async function readPid(data_dir: string): Promise<number> {
  const [line] = (await readFile(join(data_dir, "pgdata", "postmaster.pid"), "utf8")).split("\n");
  return Number(line);
}

/** A zombie, which waits for a lazy init to reap it, counts as gone. */
export function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
  } catch {
    return false;
  }
}

/** "Fast" shutdown: sessions are ended, the log is flushed, the next start needs no recovery. */
export async function stop(data_dir: string, pid: number): Promise<void> {
  const running = await readPid(data_dir).catch(() => 0);
  if (running !== pid || !isAlive(pid)) return;
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + PATIENCE_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL (pid ${pid}) did not stop within ${PATIENCE_MS / 1000} s.`);
    await delay(POLL_MS);
  }
}

async function lastWords(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  return `its log ${log} ends with: ${text.trim().slice(-600) || "nothing"}`;
}
