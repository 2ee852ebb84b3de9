import { hkdfSync, randomBytes } from "node:crypto";
import { Damaged } from "../damage.ts";
import type { Storage } from "../storage/storage.ts";
import { decrypt, encrypt, KEY_BYTES, NONCE_BYTES } from "./aead.ts";
import type { RepositoryKey } from "./repository-key.ts";

/** What a tenant's objects and packs are sealed with: a key per generation; the newest seals, all open. */
export interface TenantKeys {
  readonly newest: number;
  /** @throws Error when this generation is unknown */
  key(generation: number): Buffer;
}

const TENANT = /^[a-z0-9][a-z0-9-]{0,63}$/;

export function checkTenant(tenant: string): string {
  if (!TENANT.test(tenant))
    throw new RangeError(
      `"${tenant}" is no name of a tenant: use up to 64 lower-case letters, digits and "-", not "-" first`,
    );
  return tenant;
}

/** The repository was made with another key, or was given another one since. */
export class WrongRepositoryKey extends Error {
  override readonly name = "WrongRepositoryKey";
}

interface WrappedKey {
  readonly name: string;
  readonly generation: number;
  readonly key_id: string;
}

export async function listWrappedKeys(storage: Storage, tenant: string): Promise<WrappedKey[]> {
  const prefix = `keys/${tenant}/`;
  const found: WrappedKey[] = [];
  for await (const { name } of storage.list(prefix)) {
    const [, generation, key_id] = /^(\d+)-([0-9a-f]{16})$/.exec(name.slice(prefix.length)) ?? [];
    if (generation && key_id) found.push({ name, generation: Number(generation), key_id });
  }
  return found;
}

/** Names of all tenants that have a key. */
export async function listTenants(storage: Storage): Promise<string[]> {
  const tenants = new Set<string>();
  for await (const { name } of storage.list("keys/")) tenants.add(name.split("/")[1] ?? "");
  return [...tenants].filter((tenant) => TENANT.test(tenant)).toSorted();
}

/**
 * Puts a tenant key, wrapped by the repository key and bound to the repository's config. A new one follows from the repository
 * key, the tenant and the generation: two who make it at once make the same, where one of two random ones would be overwritten.
 */
export async function putTenantKey(
  storage: Storage,
  config: Buffer,
  repository_key: RepositoryKey,
  tenant: string,
  generation: number,
  key: Buffer = deriveKey(repository_key.bytes, config, `uniview tenant ${tenant}/${generation}`),
): Promise<void> {
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = encrypt(repository_key.bytes, nonce, bond(config, tenant, generation), key);
  const name = `keys/${tenant}/${generation}-${repository_key.id}`;
  await storage.put(name, Buffer.concat([nonce, ...sealed]));
}

/**
 * All generations of a tenant's key.
 * @throws WrongRepositoryKey when none is wrapped by this one; Error when there is none; Damaged when one does not open
 */
export async function openTenantKeys(
  storage: Storage,
  config: Buffer,
  repository_key: RepositoryKey,
  tenant: string,
): Promise<TenantKeys> {
  const wrapped = await listWrappedKeys(storage, tenant);
  const keys = new Map<number, Buffer>();
  for (const { name, generation, key_id } of wrapped) {
    if (key_id !== repository_key.id) continue;
    const bytes = await storage.get(name);
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const sealed = bytes.subarray(NONCE_BYTES);
    const key =
      nonce.length === NONCE_BYTES
        ? decrypt(repository_key.bytes, nonce, bond(config, tenant, generation), sealed)
        : undefined;
    if (key?.length !== KEY_BYTES) throw new Damaged(name, "it does not open, or config was changed");
    keys.set(generation, key);
  }
  if (keys.size === 0) {
    const others = [...new Set(wrapped.map(({ key_id }) => key_id))];
    if (others.length === 0) throw new Error(`the repository has no tenant ${tenant}`);
    throw new WrongRepositoryKey(
      `the repository key ${repository_key.id} opens nothing of tenant ${tenant}: give key ${others.join(" or ")}`,
    );
  }
  return {
    newest: Math.max(...keys.keys()),
    key(generation) {
      const key = keys.get(generation);
      if (!key)
        throw new Error(`tenant ${tenant} has no key of generation ${generation}: open the repository again`);
      return key;
    },
  };
}

/** A key of its own for each purpose. */
export function deriveKey(tenant_key: Buffer, salt: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", tenant_key, salt, purpose, KEY_BYTES));
}

const bond = (config: Buffer, tenant: string, generation: number) =>
  Buffer.concat([config, Buffer.from(`${tenant}/${generation}`)]);
