import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A key pair and its self-signed certificate, for one transfer. */
export interface Identity {
  readonly key_pem: string;
  readonly certificate_pem: string;
  /** SHA-256 of the certificate, in hexadecimal: what the other side pins. */
  readonly fingerprint: string;
}

const DAY_MS = 86_400_000;
/** Nobody looks at the dates: clocks of sites differ. The key ends with its transfer. */
const VALID_DAYS = 3650;

/** DER tags of X.690. */
const TAG = { integer: 2, bits: 3, oid: 6, text: 12, time: 24, sequence: 48, set: 49, version: 160 } as const;
const OID_COMMON_NAME = Buffer.from([0x55, 0x04, 0x03]);
const OID_ED25519 = Buffer.from([0x2b, 0x65, 0x70]);

/** Makes an Ed25519 key pair, and the smallest certificate (X.509 v3, RFC 5280 and 8410) that TLS takes. */
export function createIdentity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const algorithm = der(TAG.sequence, der(TAG.oid, OID_ED25519));
  const name = der(
    TAG.sequence,
    der(
      TAG.set,
      der(TAG.sequence, der(TAG.oid, OID_COMMON_NAME), der(TAG.text, Buffer.from("uniview mover"))),
    ),
  );
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // positive, and never shorter
  const now = Date.now();
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    name,
    der(TAG.sequence, time(now - DAY_MS), time(now + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign(null, body, privateKey)]);
  const certificate = der(TAG.sequence, body, algorithm, der(TAG.bits, signature));
  return {
    key_pem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate_pem: toPem(certificate),
    fingerprint: fingerprintOf(certificate),
  };
}

/** @param certificate DER */
export function fingerprintOf(certificate: Uint8Array): string {
  return createHash("sha256").update(certificate).digest("hex");
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const long: number[] = [];
  for (let left = body.length; left > 0; left = Math.floor(left / 256)) long.unshift(left % 256);
  const length = body.length < 128 ? [body.length] : [0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** GeneralizedTime, of whole seconds. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return der(TAG.time, Buffer.from(text));
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
