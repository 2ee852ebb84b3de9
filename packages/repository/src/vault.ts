import type { HashName } from "./chunk/chunk-hash.ts";
import { openObject, sealObject } from "./seal/sealed-object.ts";
import type { TenantKeys } from "./seal/tenant-keys.ts";
import { getIfThere, type Storage } from "./storage/storage.ts";

/** A tenant's part of a repository, open. Operations are functions of it. */
export interface Vault {
  readonly repository_id: string;
  readonly tenant: string;
  /** Names in it are below the tenant's folder. */
  readonly storage: Storage;
  readonly keys: TenantKeys;
  readonly chunk_bytes: number;
  /** What chunks are named by. */
  readonly hash: HashName;
  readonly segment_chunks: number;
  /** A full pack has this many bytes and a little more. */
  readonly pack_bytes: number;
  /** Threads that one operation uses; 0 does its work in line. */
  readonly threads: number;
  /** Milliseconds of the wall clock. Nothing is safe or unsafe because of it. */
  readonly now: () => number;
}

export async function putSealed(vault: Vault, name: string, plain: Uint8Array): Promise<void> {
  await vault.storage.put(name, sealObject(vault.keys, name, plain));
}

/** @throws ObjectMissing, Damaged */
export async function getSealed(vault: Vault, name: string): Promise<Buffer> {
  return openObject(vault.keys, name, await vault.storage.get(name));
}

/** Undefined when there is none. @throws Damaged */
export async function getSealedIfThere(vault: Vault, name: string): Promise<Buffer | undefined> {
  const bytes = await getIfThere(vault.storage, name);
  return bytes && openObject(vault.keys, name, bytes);
}

/** The last parts of the names in a folder that match. What does not belong there is left alone. */
export async function listFolder(vault: Vault, folder: string, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of vault.storage.list(`${folder}/`)) {
    const last = name.slice(name.lastIndexOf("/") + 1);
    if (pattern.test(last)) found.push(last);
  }
  return found;
}

/** Ids of sessions, notices and index objects. */
export const SHORT_ID = /^[0-9a-f]{32}$/;
/** Ids of packs. */
export const PACK_ID = /^[0-9a-f]{64}$/;
