import { hash, randomBytes } from "node:crypto";
import { KEY_BYTES } from "./aead.ts";

/** Opens everything in a repository. Whoever loses it has lost the repository; Uniview keeps it sealed, people keep it in a file. */
export interface RepositoryKey {
  readonly bytes: Buffer;
  /** 16 hex digits that tell keys apart and give nothing away. */
  readonly id: string;
}

const FILE_PREFIX = "uniview-repository-key-1:";

export function createRepositoryKey(): RepositoryKey {
  return keyOf(randomBytes(KEY_BYTES));
}

/** The one line of a key file. A secret. */
export function formatKeyFile(key: RepositoryKey): string {
  return `${FILE_PREFIX}${key.bytes.toString("hex")}\n`;
}

/** @throws Error when the text is no key file; never shows the text */
export function parseKeyFile(text: string): RepositoryKey {
  const line = text.trim();
  const hex = line.slice(FILE_PREFIX.length);
  if (!line.startsWith(FILE_PREFIX) || !/^[0-9a-f]{64}$/.test(hex))
    throw new Error(
      `this is no key file of a repository: it must be one line, ${FILE_PREFIX}<64 hex digits>`,
    );
  return keyOf(Buffer.from(hex, "hex"));
}

function keyOf(bytes: Buffer): RepositoryKey {
  return { bytes, id: hash("sha256", Buffer.concat([Buffer.from("uniview key id"), bytes])).slice(0, 16) };
}
