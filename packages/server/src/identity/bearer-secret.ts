import { createHash, randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** API tokens begin so, for people and for scanners of leaked secrets. */
export const TOKEN_PREFIX = "uvt_";

/** 256 random bits in base64url, after a prefix. */
export function makeSecret(prefix = ""): string {
  return prefix + randomBytes(SECRET_BYTES).toString("base64url");
}

/** What is stored of it. A plain hash suffices: there is nothing to guess in 256 random bits. */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
