import type { DiskSourceSide, RepositoryAccess } from "@uniview/api/mover";
import {
  diskOf,
  getPoint,
  openPointDisk,
  openRepository,
  parseKeyFile,
  type Vault,
} from "@uniview/repository";
import { parseLocation } from "@uniview/repository/storage/location";
import { openStorage } from "@uniview/repository/storage/open-storage";
import { addressRule } from "../address-rule.ts";
import { allowedPath } from "../allowed-path.ts";
import type { SourceChunks } from "../copy/chunk-sink.ts";
import { CHUNK_BYTES, ZEROS_DIGEST } from "../copy/digest.ts";
import type { FailureKind } from "../failure.ts";
import { TransferFailure } from "../failure.ts";
import type { MoverSettings } from "./context.ts";

/** The tenant's part of a repository, where the mover may go. */
export async function openVault(
  { url, key, tenant, env }: RepositoryAccess,
  kind: FailureKind,
  settings: MoverSettings,
  signal: AbortSignal,
): Promise<Vault> {
  try {
    const location = parseLocation(url, "/");
    if (location.kind === "folder") await allowedPath(location.path, settings.allow_paths, kind);
    const address =
      "endpoint" in location ? location.endpoint : "auth_url" in location ? location.auth_url : undefined;
    if (address) addressRule(kind, settings.allow_link_local).check(new URL(address));
    const storage = await openStorage(url, env, { signal });
    const repository = await openRepository(storage, parseKeyFile(key));
    return await repository.openTenant(tenant);
  } catch (cause) {
    if (cause instanceof TransferFailure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransferFailure(kind, "transfer-failed", `The repository cannot be used: ${why}.`, { cause });
  }
}

/** A disk of a recovery point; where chunks are as large as ours, their ids are the digests. */
export async function openPoint(
  { repository, point, disk }: Extract<DiskSourceSide, { kind: "point" }>,
  settings: MoverSettings,
  signal: AbortSignal,
): Promise<SourceChunks> {
  const vault = await openVault(repository, "source", settings, signal);
  const source = await openPointDisk(vault, diskOf(await getPoint(vault, point), disk));
  if (source.chunk_bytes !== CHUNK_BYTES) return source;
  return { ...source, digestOf: async (chunk) => (await source.idOf(chunk)) ?? ZEROS_DIGEST };
}
