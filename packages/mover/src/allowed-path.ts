import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { type FailureKind, TransferFailure } from "./failure.ts";

/** @returns the path without links. @throws TransferFailure unless it is at or below one that the mover was allowed at its start */
export async function allowedPath(
  path: string,
  allowed: readonly string[],
  kind: FailureKind,
): Promise<string> {
  const real = await realPath(path);
  for (const root of allowed) {
    const way = relative(await realPath(root), real);
    if (!way.startsWith("..") && !way.startsWith("/")) return real;
  }
  throw new TransferFailure(
    kind,
    "not-allowed",
    `The mover may not use ${path}: it is not below a path that its operator allowed (allow_paths).`,
  );
}

/** Also of a file that is still to be made: then its folder must be there. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  }
}
