import type { Credentials } from "./credentials.ts";
import { localFolder } from "./local-folder.ts";
import { parseLocation } from "./location.ts";
import { retrying } from "./retrying.ts";
import type { Storage } from "./storage.ts";

export interface OpenStorageOptions {
  /** What relative paths are relative to. */
  readonly cwd?: string;
  /** Ends the pauses between attempts. */
  readonly signal?: AbortSignal;
}

/** A server that is restarted is back within this: 200 ms, doubled seven times, is 25 s in all. */
const ATTEMPTS = 8;

/**
 * The storage that a repository's URL names. Clients of object storages are loaded when one is named: a folder needs none.
 * Nothing is read yet.
 *
 * @param env credentials, as in `process.env`; never in the URL
 * @throws StorageRefused for a URL that is not right, or when credentials are missing
 */
export async function openStorage(
  url: string,
  env: Credentials,
  { cwd, signal }: OpenStorageOptions = {},
): Promise<Storage> {
  const location = parseLocation(url, cwd);
  if (location.kind === "folder") return localFolder(location.path);
  const patience = { attempts: ATTEMPTS, ...(signal ? { signal } : {}) };
  if (location.kind === "s3") {
    const [{ s3Place }, { s3Storage }] = await Promise.all([
      import("./s3/s3-place.ts"),
      import("./s3/s3-storage.ts"),
    ]);
    return retrying(s3Storage(await s3Place(location, env)), patience);
  }
  const [{ swiftPlace }, { swiftStorage }] = await Promise.all([
    import("./swift/swift-place.ts"),
    import("./swift/swift-storage.ts"),
  ]);
  return retrying(swiftStorage(await swiftPlace(location, env)), patience);
}
