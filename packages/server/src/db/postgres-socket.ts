import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOBODY } from "./postgres-account.ts";

/** A unix socket's path has to fit `sockaddr_un`: 107 bytes and a zero. */
const SOCKET_PATH_LIMIT = 107;
const SOCKET_NAME = ".s.PGSQL.5432.lock";

/**
 * Where PostgreSQL's socket goes: inside the data directory, or, when that path is too long for a socket, in a
 * directory of the system's temporary one that is named after it, so that every process finds the same place.
 */
export async function chooseSocketDir(data_dir: string): Promise<string> {
  const inside = join(data_dir, "run");
  if (Buffer.byteLength(join(inside, SOCKET_NAME)) <= SOCKET_PATH_LIMIT) return inside;
  const name = createHash("sha256").update(data_dir).digest("hex").slice(0, 16);
  const outside = join(tmpdir(), `uniview-pg-${name}`);
  await mkdir(outside, { recursive: true, mode: 0o700 });
  const { uid } = await lstat(outside);
  const self = process.getuid?.();
  // A stranger could have made it first, in a directory that everybody may write, to read our queries.
  const ours = uid === self || (self === 0 && uid === NOBODY);
  if (!ours)
    throw new Error(
      `The directory ${outside} belongs to another user (uid ${uid}); remove it or choose a shorter data directory.`,
    );
  return outside;
}
