import { spawn } from "node:child_process";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { choosePostgresAccount, type PostgresAccount } from "./postgres-account.ts";
import {
  copyPostgresBinaries,
  findPostgresBinaries,
  linkPostgresLibraries,
  type PostgresBinaries,
} from "./postgres-binaries.ts";
import { exit, owner } from "./postgres-program.ts";
import { chooseSocketDir } from "./postgres-socket.ts";
import { answers, launch, readPid, stop } from "./postmaster.ts";

export interface EmbeddedPostgresOptions {
  /** Everything of this PostgreSQL lies here: its data, its log, and where the path is short enough its socket. */
  data_dir: string;
  /** `false` drops every guarantee against a power cut, for tests. Default `true`. */
  durable?: boolean;
  /** Overrides how root is avoided; only tests need that. */
  account?: PostgresAccount;
}

export interface EmbeddedPostgres {
  /** A connection URL over the unix socket; `database` defaults to the database `uniview`. */
  url(database?: string): string;
  pid: number;
  /** True when an earlier process left this PostgreSQL running and it was taken over. */
  attached: boolean;
  /** Stops the PostgreSQL, whoever started it. */
  close(): Promise<void>;
}

/**
 * Starts (or takes over) a PostgreSQL of our own, reachable over a unix socket only.
 *
 * A PostgreSQL outlives a `kill -9` of the process that started it. So a second start on the same directory
 * first asks the socket and takes a living one over instead of failing on its lock file.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const data_dir = resolve(options.data_dir);
  await mkdir(data_dir, { recursive: true, mode: 0o700 });
  const socket_dir = await chooseSocketDir(data_dir);
  const url = (database = "uniview") =>
    `postgresql://uniview@localhost/${database}?host=${encodeURIComponent(socket_dir)}`;

  let attached = await answers(url("postgres"));
  if (!attached) {
    const account = options.account ?? (await choosePostgresAccount());
    const binaries = await usableBinaries(data_dir, account);
    await initialise(binaries, account, data_dir);
    await mkdir(socket_dir, { recursive: true, mode: 0o700 });
    await account.own(socket_dir);
    const durable = options.durable ?? true;
    attached = await launch({ binaries, account, data_dir, socket_dir, durable, url: url("postgres") });
  }
  await createDatabase(url("postgres"), "uniview");
  const pid = await readPid(data_dir);
  const close = async () => {
    await stop(data_dir, pid);
    await rm(socket_dir, { recursive: true, force: true });
  };
  return { url, pid, attached, close };
}

async function usableBinaries(data_dir: string, account: PostgresAccount): Promise<PostgresBinaries> {
  const installed = await findPostgresBinaries();
  if (account.how === "nobody") {
    const copy = await copyPostgresBinaries(installed, data_dir);
    await account.own(data_dir);
    return copy;
  }
  try {
    await linkPostgresLibraries(installed);
    return installed;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "EACCES" && code !== "EROFS" && code !== "EPERM") throw error;
    return copyPostgresBinaries(installed, data_dir);
  }
}

/** Runs initdb beside the final place and renames, so that a kill in the middle leaves nothing half-made. */
async function initialise(
  binaries: PostgresBinaries,
  account: PostgresAccount,
  data_dir: string,
): Promise<void> {
  const cluster = join(data_dir, "pgdata");
  if (await stat(cluster).catch(() => undefined)) return;
  const half = join(data_dir, "pgdata.new");
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  await account.own(half);
  const args = ["-D", half, "-U", "uniview", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"];
  args.push("--auth=trust", "--no-instructions", "--no-sync"); // trust: the socket's directory is ours alone
  const { program, args: argv, uid, gid } = account.command(join(binaries.dir, "bin", "initdb"), args);
  const child = spawn(program, argv, { stdio: ["ignore", "pipe", "pipe"], cwd: "/", ...owner(uid, gid) });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const code = await exit(child);
  if (code !== 0) throw new Error(`PostgreSQL's initdb failed in ${half}: ${output.trim().slice(-600)}`);
  await rename(half, cluster);
}

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
