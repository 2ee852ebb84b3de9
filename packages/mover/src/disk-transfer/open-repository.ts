import type { DiskSourceSide, RepositoryAccess } from "@uniview/api/mover";
import {
  diskOf,
  getPoint,
  openPointDisk,
  openRepository,
  parseKeyFile,
  type Vault,
} from "@uniview/repository";
import { type Location, parseLocation } from "@uniview/repository/storage/location";
import { openStorage } from "@uniview/repository/storage/open-storage";
import { type AddressRule, addressRule } from "../address-rule.ts";
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
    else await checkAddresses(addressesOf(location, env), addressRule(kind, settings.allow_link_local));
    const storage = await openStorage(url, env, { signal });
    const repository = await openRepository(storage, parseKeyFile(key));
    return await repository.openTenant(tenant);
  } catch (cause) {
    if (cause instanceof TransferFailure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransferFailure(kind, "transfer-failed", `The repository cannot be used: ${why}.`, { cause });
  }
}

/** Credentials come by value: what names a file would be read on the mover's machine. */
const NAMES_A_FILE = /_FILE$|^OS_CLOUD$|^OS_CACERT$|^OS_CERT$|^OS_KEY$|^AWS_PROFILE$|^AWS_CA_BUNDLE$/;

/** Every address that a client of the storage may be told, by the repository's URL or by its credentials. */
function addressesOf(location: Location, env: RepositoryAccess["env"]): URL[] {
  const file = Object.keys(env).find((name) => NAMES_A_FILE.test(name));
  if (file)
    throw new Error(`${file} names something on the mover's machine; give the credentials themselves`);
  return [...Object.values(location), ...Object.values(env)]
    .map((value) => (typeof value === "string" ? URL.parse(value) : null))
    .filter((url): url is URL => url !== null && /^https?:$/.test(url.protocol));
}

async function checkAddresses(urls: readonly URL[], rule: AddressRule): Promise<void> {
  for (const url of urls) {
    rule.check(url);
    await new Promise<void>((resolve, reject) => {
      const host = url.hostname.replaceAll(/^\[|\]$/g, "");
      rule.lookup(host, { all: true }, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** A disk of a recovery point; where chunks are as large as ours and named by SHA-256, their ids are the digests. */
export async function openPoint(
  { repository, point, disk }: Extract<DiskSourceSide, { kind: "point" }>,
  settings: MoverSettings,
  signal: AbortSignal,
): Promise<SourceChunks> {
  const vault = await openVault(repository, "source", settings, signal);
  const source = await openPointDisk(vault, diskOf(await getPoint(vault, point), disk));
  if (source.chunk_bytes !== CHUNK_BYTES || vault.hash !== "sha256") return source;
  return { ...source, digestOf: async (chunk) => (await source.idOf(chunk)) ?? ZEROS_DIGEST };
}
