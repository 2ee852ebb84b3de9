import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";

const KEY_BYTES = 32;

export interface SecretKeySource {
  /** 32 bytes in base64 or hex (`UNIVIEW_SECRET_KEY`). */
  readonly secret_key?: string | undefined;
  /** File that holds the same (`UNIVIEW_SECRET_KEY_FILE`). */
  readonly secret_key_file?: string | undefined;
  /** Where `secret.key` is kept, made at the first start, when neither is given. */
  readonly data_dir: string;
}

/** The key that seals secrets: given, or kept in a file that only its owner reads. */
export async function readSecretKey({
  secret_key,
  secret_key_file,
  data_dir,
}: SecretKeySource): Promise<Buffer> {
  if (secret_key) return decode(secret_key, "UNIVIEW_SECRET_KEY");
  if (secret_key_file) return decode(await readFile(secret_key_file, "utf8"), secret_key_file);
  await mkdir(data_dir, { recursive: true, mode: 0o700 });
  const path = join(data_dir, "secret.key");
  try {
    return decode(await readFile(path, "utf8"), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const key = randomBytes(KEY_BYTES);
  const file = await open(path, "wx", 0o600); // wx: two first starts must not both believe in their own key
  try {
    await file.writeFile(`${key.toString("base64")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}

function decode(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? "hex" : "base64");
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${where} does not hold 32 bytes in base64 or hex; make one with: head -c 32 /dev/urandom | base64`,
  );
}
