import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
const AES = "aes-256-gcm";

/** Ciphertext in two parts: what was encrypted, and the tag. */
export function encrypt(
  key: Uint8Array | KeyObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  plain: Uint8Array,
): [body: Buffer, tag: Buffer] {
  const cipher = createCipheriv(AES, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  const body = cipher.update(plain);
  cipher.final(); // GCM has nothing left to give, but makes its tag only now
  return [body, cipher.getAuthTag()];
}

/** Undefined when the bytes, the associated data or the key are not those that were sealed. */
export function decrypt(
  key: Uint8Array | KeyObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv(AES, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}
