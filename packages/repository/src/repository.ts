import { loadHash } from "./chunk/chunk-hash.ts";
import {
  CONFIG_NAME,
  createConfig,
  parseConfig,
  type RepositoryConfig,
  type RepositoryMake,
} from "./config.ts";
import type { RepositoryKey } from "./seal/repository-key.ts";
import {
  checkTenant,
  listTenants,
  listWrappedKeys,
  openTenantKeys,
  putTenantKey,
} from "./seal/tenant-keys.ts";
import { below } from "./storage/below.ts";
import { getIfThere, type Storage } from "./storage/storage.ts";
import { defaultThreads } from "./thread/ready-threads.ts";
import type { Vault } from "./vault.ts";

const PACK_BYTES = 16 * 1024 * 1024;
const MAX_PACK_BYTES = 64 * 1024 * 1024;

export interface OpenOptions {
  readonly threads?: number;
  readonly pack_bytes?: number;
  readonly now?: () => number;
}

/** An open repository: a config, a key, and tenants. */
export interface Repository {
  readonly config: RepositoryConfig;
  /** Makes the tenant's key, unless there is one. */
  addTenant(tenant: string): Promise<void>;
  listTenants(): Promise<string[]>;
  /** @throws Error when there is no such tenant, or the key is not that of the repository */
  openTenant(tenant: string): Promise<Vault>;
  /** New packs of the tenant get a new key; those before keep theirs. Open vaults go on with the old one. */
  addKeyGeneration(tenant: string): Promise<void>;
  /**
   * Wraps all keys by another repository key. When this resolves only that one opens the repository; stopped in the
   * middle, both open some of it, and doing it again with the old key ends it.
   */
  rotateKey(to: RepositoryKey): Promise<void>;
}

/** Makes a repository in an empty storage. @throws Error when there is one */
export async function initRepository(
  storage: Storage,
  options: RepositoryMake & { readonly now?: () => number } = {},
): Promise<void> {
  loadHash(options.hash ?? "sha256");
  if (await getIfThere(storage, CONFIG_NAME)) throw new Error("the storage holds a repository already");
  await storage.put(CONFIG_NAME, createConfig((options.now ?? Date.now)(), options));
}

/** @throws ObjectMissing when there is none */
export async function openRepository(
  storage: Storage,
  key: RepositoryKey,
  options: OpenOptions = {},
): Promise<Repository> {
  const { threads = defaultThreads(), pack_bytes = PACK_BYTES, now = Date.now } = options;
  if (!(pack_bytes > 0 && pack_bytes <= MAX_PACK_BYTES))
    throw new RangeError(`pack_bytes is ${pack_bytes}: it must be above 0, and 64 MiB at most`);
  const config_bytes = await storage.get(CONFIG_NAME);
  const config = parseConfig(config_bytes);
  loadHash(config.hash); // says now that it cannot, not in the middle of a restore

  return {
    config,
    async addTenant(tenant) {
      await storage.settle(); // a key that is listed late must not be replaced
      if ((await listWrappedKeys(storage, checkTenant(tenant))).length > 0) return;
      await putTenantKey(storage, config_bytes, key, tenant, 1);
    },
    listTenants: () => listTenants(storage),
    async openTenant(tenant) {
      const keys = await openTenantKeys(storage, config_bytes, key, checkTenant(tenant));
      const { id: repository_id, chunk_bytes, segment_chunks, hash } = config;
      const objects = below(storage, `tenants/${tenant}/`);
      return {
        repository_id,
        tenant,
        storage: objects,
        keys,
        chunk_bytes,
        segment_chunks,
        hash,
        pack_bytes,
        threads,
        now,
      };
    },
    async addKeyGeneration(tenant) {
      await storage.settle();
      const { newest } = await openTenantKeys(storage, config_bytes, key, checkTenant(tenant));
      await putTenantKey(storage, config_bytes, key, tenant, newest + 1);
    },
    async rotateKey(to) {
      if (to.id === key.id) throw new RangeError(`the repository key is ${key.id} already`);
      await storage.settle(); // generations that were just added are wrapped, too
      const old: string[] = [];
      for (const tenant of await listTenants(storage)) {
        const wrapped = (await listWrappedKeys(storage, tenant)).filter(({ key_id }) => key_id === key.id);
        if (wrapped.length === 0) continue; // wrapped anew by a rotation that was stopped
        const keys = await openTenantKeys(storage, config_bytes, key, tenant);
        for (const { name, generation } of wrapped) {
          await putTenantKey(storage, config_bytes, to, tenant, generation, keys.key(generation));
          old.push(name);
        }
      }
      for (const name of old) await storage.delete(name);
    },
  };
}
