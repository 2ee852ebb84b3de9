import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of every sealed text, so that another way of sealing can stand beside this one. */
const FORMAT = 1;

/** Seals what the database must not know in the clear, with a key that is not in the database. */
export interface Sealer {
  /** `label` says whose secret it is (table and id of the row): opening it under another label fails. */
  seal(text: string, label: string): Buffer;
  /** @throws Error when the key, the label or a byte differs */
  open(sealed: Buffer, label: string): string;
  /** Tells equal texts from different ones, and nothing else to who does not have the key. Hex. */
  fingerprint(text: string): string;
}

/** Format: 1 byte 0x01, 12 bytes nonce, ciphertext, 16 bytes tag; AES-256-GCM with the label as associated data. */
export function createSealer(secret_key: Buffer): Sealer {
  if (secret_key.length !== KEY_BYTES) throw new Error(`The secret key must have ${KEY_BYTES} bytes.`);
  const sealing = derive(secret_key, "seal");
  const fingerprinting = derive(secret_key, "fingerprint");
  return {
    seal(text, label) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", sealing, nonce).setAAD(Buffer.from(label));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(FORMAT), nonce, body, cipher.getAuthTag()]);
    },
    open(sealed, label) {
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
      const body = sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES);
      if (sealed[0] !== FORMAT || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw unopenable(label);
      try {
        const decipher = createDecipheriv("aes-256-gcm", sealing, nonce)
          .setAAD(Buffer.from(label))
          .setAuthTag(sealed.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch (cause) {
        throw unopenable(label, cause);
      }
    },
    fingerprint: (text) => createHmac("sha256", fingerprinting).update(text).digest("hex"),
  };
}

function derive(secret_key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret_key, "", `uniview ${purpose}`, KEY_BYTES));
}

function unopenable(label: string, cause?: unknown): Error {
  return new Error(
    `The secret of ${label} cannot be opened: the secret key is not the one that it was sealed with. Bring back the former key.`,
    { cause },
  );
}
