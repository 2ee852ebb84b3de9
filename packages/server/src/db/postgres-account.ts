import { execFile } from "node:child_process";
import { chown, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** PostgreSQL refuses to run as uid 0; this says how a program of it is started on this machine instead. */
export interface PostgresAccount {
  how: "as-is" | "user-namespace" | "nobody";
  /** Turns a program and its arguments into what has to be spawned. */
  command(program: string, args: string[]): { program: string; args: string[]; uid?: number; gid?: number };
  /** Makes a directory (and what is in it) the account's own. */
  own(dir: string): Promise<void>;
}

/** The kernel's overflow account, present everywhere, owner of nothing else. */
export const NOBODY = 65534;

const AS_IS: PostgresAccount = {
  how: "as-is",
  command: (program, args) => ({ program, args }),
  own: async () => {},
};

/** In a user namespace of its own the process is uid 1000 while its files stay root's: works below /root, too. */
const USER_NAMESPACE: PostgresAccount = {
  how: "user-namespace",
  command: (program, args) => ({
    program: "unshare",
    args: ["--user", "--map-user=1000", "--map-group=1000", program, ...args],
  }),
  own: async () => {},
};

const AS_NOBODY: PostgresAccount = {
  how: "nobody",
  command: (program, args) => ({ program, args, uid: NOBODY, gid: NOBODY }),
  own: async (dir) => {
    await refuseUnreachable(dir);
    await chownAll(dir);
  },
};

/** Asks the machine: plain user, root with user namespaces, or root without (some containers forbid them). */
export async function choosePostgresAccount(): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) return AS_IS;
  const { program, args } = USER_NAMESPACE.command("true", []);
  return promisify(execFile)(program, args).then(
    () => USER_NAMESPACE,
    () => AS_NOBODY,
  );
}

/** The account for machines without user namespaces, for tests that have to tread that path anyway. */
export const postgresAsNobody = AS_NOBODY;

async function refuseUnreachable(dir: string): Promise<void> {
  for (let above = dirname(dir); above !== dirname(above); above = dirname(above)) {
    const { mode, uid } = await stat(above);
    if (uid !== NOBODY && (mode & 0o001) === 0) {
      throw new Error(
        `The data directory ${dir} cannot be reached by the unprivileged account (uid ${NOBODY}) that PostgreSQL runs as, because ${above} is closed to others; choose one below /var/lib or run Uniview as an ordinary user.`,
      );
    }
  }
}

async function chownAll(dir: string): Promise<void> {
  await chown(dir, NOBODY, NOBODY);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await chownAll(path);
    else if (entry.isFile()) await chown(path, NOBODY, NOBODY);
  }
}
