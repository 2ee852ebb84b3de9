import { randomBytes } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { Damaged } from "../damage.ts";
import { decrypt, encrypt, NONCE_BYTES } from "./aead.ts";
import { deriveKey, type TenantKeys } from "./tenant-keys.ts";

const MAGIC = Buffer.from("UVOB");
const VERSION = 1;
const HEADER_BYTES = 12;
const NO_SALT = new Uint8Array(0);

/** Seals a small object so that it opens only under its own name. */
export function sealObject(keys: TenantKeys, name: string, plain: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(VERSION, 4);
  header.writeUInt32BE(keys.newest, 8);
  const nonce = randomBytes(NONCE_BYTES);
  const key = deriveKey(keys.key(keys.newest), NO_SALT, "uniview object");
  const sealed = encrypt(key, nonce, Buffer.concat([header, Buffer.from(name)]), zstdCompressSync(plain));
  return Buffer.concat([header, nonce, ...sealed]);
}

/** @throws Damaged when it is not what was sealed under this name */
export function openObject(keys: TenantKeys, name: string, bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES + NONCE_BYTES || !bytes.subarray(0, 4).equals(MAGIC))
    throw new Damaged(name, "its beginning is not that of a sealed object");
  const version = bytes.readUInt32BE(4);
  if (version !== VERSION)
    throw new Damaged(name, `it says format ${version}, and this program reads ${VERSION}`);
  const header = bytes.subarray(0, HEADER_BYTES);
  const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const key = deriveKey(knownKey(keys, name, header.readUInt32BE(8)), NO_SALT, "uniview object");
  const associated = Buffer.concat([header, Buffer.from(name)]);
  const plain = decrypt(key, nonce, associated, bytes.subarray(HEADER_BYTES + NONCE_BYTES));
  if (!plain) throw new Damaged(name, "its bytes are not those that were sealed");
  return zstdDecompressSync(plain);
}

function knownKey(keys: TenantKeys, name: string, generation: number): Buffer {
  try {
    return keys.key(generation);
  } catch (cause) {
    throw new Damaged(name, `it says key generation ${generation}, which is unknown`, { cause });
  }
}
