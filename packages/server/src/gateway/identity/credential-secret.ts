import { createHash, timingSafeEqual } from "node:crypto";
import { makeSecret } from "../../identity/bearer-secret.ts";
import { hashPassword, verifyPassword } from "../../identity/passwords.ts";

const MADE_BY_US = "sha256:";

/** 256 random bits: there is nothing to guess, so a plain hash keeps them as well as a slow one. */
export function makeCredentialSecret(): { secret: string; secret_hash: string } {
  const secret = makeSecret();
  return { secret, secret_hash: MADE_BY_US + sha256(secret).toString("hex") };
}

/** Keystone lets clients choose the secret. What a person chose can be guessed, so it is kept like a password. */
export async function keepChosenSecret(secret: string): Promise<{ secret: string; secret_hash: string }> {
  return { secret, secret_hash: await hashPassword(secret) };
}

/** With `undefined` (no such credential) it says no, as late as for one whose secret was chosen. */
export async function verifyCredentialSecret(secret: string, kept: string | undefined): Promise<boolean> {
  if (!kept?.startsWith(MADE_BY_US)) return verifyPassword(secret, kept);
  return timingSafeEqual(sha256(secret), Buffer.from(kept.slice(MADE_BY_US.length), "hex"));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
